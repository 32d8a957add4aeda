#compdef flowexpr
# Completion of flowexpr for zsh; made by: flowexpr completion zsh

_flowexpr() {
	local at= value= word
	local -a offered
	for word in "${(@)words[2,CURRENT-1]}"; do
		if [[ -n $value ]]; then
			value=
			continue
		fi
		case "$at:$word" in
		':load') at='load' ;;
		':item') at='item' ;;
		'item:add') at='item add' ;;
		*':--data') value=$at:$word ;;
		'load:--format'|'load '*':--format') value=$at:$word ;;
		'item add:--from'|'item add '*':--from'|'item add:-f'|'item add '*':-f') value=$at:$word ;;
		esac
	done
	if [[ -z $value && $PREFIX == --*=* ]]; then
		value=$at:${PREFIX%%=*}
		compset -P 1 '*='
	fi

	case "$value" in
	'') ;;
	*':--data') _files -/; return ;;
	'load:--format'|'load '*':--format') compadd --  auto csv; return ;;
	'item add:--from'|'item add '*':--from'|'item add:-f'|'item add '*':-f') _files; return ;;
	*) return 1 ;;
	esac

	case "$at:$PREFIX" in
	':-'*)
		offered=(
			'--help:Show context-sensitive help'
			'-h:Show context-sensitive help'
			'--data:Folder'
			'--quiet:Say less'
			'-q:Say less'
		)
		_describe -o flag offered ;;
	':'*)
		offered=(
			'load:Load a file'
			'item:Work on items'
		)
		_describe command offered ;;
	'load:-'*)
		offered=(
			'--help:Show context-sensitive help'
			'-h:Show context-sensitive help'
			'--data:Folder'
			'--quiet:Say less'
			'-q:Say less'
			'--format:Its format, '\''auto'\'' or csv'
		)
		_describe -o flag offered ;;
	'load:'*) _files ;;
	'item:-'*)
		offered=(
			'--help:Show context-sensitive help'
			'-h:Show context-sensitive help'
			'--data:Folder'
			'--quiet:Say less'
			'-q:Say less'
		)
		_describe -o flag offered ;;
	'item:'*)
		offered=(
			'add:Add an item'
		)
		_describe command offered ;;
	'item add:-'*)
		offered=(
			'--help:Show context-sensitive help'
			'-h:Show context-sensitive help'
			'--data:Folder'
			'--quiet:Say less'
			'-q:Say less'
			'--from:Where from'
			'-f:Where from'
		)
		_describe -o flag offered ;;
	esac
}

# As a file _flowexpr of $fpath this runs at the first completion; sourced, it only registers.
if [[ ${funcstack[1]} == _flowexpr ]]; then
	_flowexpr "$@"
else
	compdef _flowexpr flowexpr
fi

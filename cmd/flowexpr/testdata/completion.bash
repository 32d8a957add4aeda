# Completion of flowexpr for bash, 3.2 or later; made by: flowexpr completion bash

# _flowexpr_words WORD… offers the words that begin like the current one.
_flowexpr_words() {
	COMPREPLY=($(compgen -W "$*" -- "$current"))
}

# _flowexpr_files -f or -d offers files, or folders.
_flowexpr_files() {
	local IFS=$'\n'
	compopt -o filenames 2>/dev/null
	COMPREPLY=($(compgen "$1" -- "$current"))
}

_flowexpr() {
	local current=${COMP_WORDS[COMP_CWORD]} at= value= word i
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [ -n "$value" ]; then
			[ "$word" = = ] || value= # bash makes three words of --flag=value
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
	[ "$current" != = ] || current=

	case "$value" in
	'') ;;
	*':--data') _flowexpr_files -d; return ;;
	'load:--format'|'load '*':--format') _flowexpr_words auto csv; return ;;
	'item add:--from'|'item add '*':--from'|'item add:-f'|'item add '*':-f') _flowexpr_files -f; return ;;
	*) return ;;
	esac

	case "$at:$current" in
	':-'*) _flowexpr_words --help -h --data --quiet -q ;;
	':'*) _flowexpr_words load item ;;
	'load:-'*) _flowexpr_words --help -h --data --quiet -q --format ;;
	'load:'*) _flowexpr_files -f ;;
	'item:-'*) _flowexpr_words --help -h --data --quiet -q ;;
	'item:'*) _flowexpr_words add ;;
	'item add:-'*) _flowexpr_words --help -h --data --quiet -q --from -f ;;
	esac
}

complete -F _flowexpr flowexpr

# Completion of flowexpr for fish; made by: flowexpr completion fish

# __flowexpr_at PATH: the words before the cursor name this command.
function __flowexpr_at
	set -l at ''
	set -l value ''
	set -l words (commandline -opc)
	set -e words[1]
	for word in $words
		if test -n "$value"
			set value ''
			continue
		end
		switch "$at:$word"
			case ':load'
				set at 'load'
			case ':item'
				set at 'item'
			case 'item:add'
				set at 'item add'
			case '*:--data'
				set value $word
			case 'load:--format' 'load *:--format'
				set value $word
			case 'item add:--from' 'item add *:--from' 'item add:-f' 'item add *:-f'
				set value $word
		end
	end
	test "$at" = "$argv[1]"
end

complete -c flowexpr -f

complete -c flowexpr -n "__flowexpr_at ''" -a load -d 'Load a file'
complete -c flowexpr -n "__flowexpr_at ''" -a item -d 'Work on items'
complete -c flowexpr -n "__flowexpr_at ''" -l help -s h -d 'Show context-sensitive help'
complete -c flowexpr -n "__flowexpr_at ''" -l data -x -a '(__fish_complete_directories)' -d 'Folder'
complete -c flowexpr -n "__flowexpr_at ''" -l quiet -s q -d 'Say less'

complete -c flowexpr -n "__flowexpr_at 'load'" -F
complete -c flowexpr -n "__flowexpr_at 'load'" -l help -s h -d 'Show context-sensitive help'
complete -c flowexpr -n "__flowexpr_at 'load'" -l data -x -a '(__fish_complete_directories)' -d 'Folder'
complete -c flowexpr -n "__flowexpr_at 'load'" -l quiet -s q -d 'Say less'
complete -c flowexpr -n "__flowexpr_at 'load'" -l format -x -a 'auto csv ' -d 'Its format, \'auto\' or csv'

complete -c flowexpr -n "__flowexpr_at 'item'" -a add -d 'Add an item'
complete -c flowexpr -n "__flowexpr_at 'item'" -l help -s h -d 'Show context-sensitive help'
complete -c flowexpr -n "__flowexpr_at 'item'" -l data -x -a '(__fish_complete_directories)' -d 'Folder'
complete -c flowexpr -n "__flowexpr_at 'item'" -l quiet -s q -d 'Say less'

complete -c flowexpr -n "__flowexpr_at 'item add'" -l help -s h -d 'Show context-sensitive help'
complete -c flowexpr -n "__flowexpr_at 'item add'" -l data -x -a '(__fish_complete_directories)' -d 'Folder'
complete -c flowexpr -n "__flowexpr_at 'item add'" -l quiet -s q -d 'Say less'
complete -c flowexpr -n "__flowexpr_at 'item add'" -l from -s f -r -F -d 'Where from'

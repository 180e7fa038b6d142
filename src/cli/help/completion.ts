/** Completion scripts for shells, made from the table of options. */
import { COMMANDS, SHELLS, type Shell } from '../commands.ts';
import { GET_SHORT_FORMS, type GetOptionName } from '../get/get-words.ts';
import { GET_OPTION_WORDS } from '../get/option-words.ts';
import { isNegatable, OPTION_NAMES, OPTIONS, type OptionName } from '../options/option-table.ts';
import { TOPICS } from './topics.ts';

export function completionScript(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bash();
    case 'zsh':
      return zsh();
    case 'fish':
      return fish();
  }
}

const COMMAND_NAMES = Object.keys(COMMANDS);

/** All long forms, `--no-…` included. */
const LONG_NAMES = OPTION_NAMES.flatMap((name) => [
  `--${name}`,
  ...(isNegatable(name) ? [`--no-${name}`] : []),
]);

const GET_NAMES = Object.keys(GET_OPTION_WORDS) as GetOptionName[];
const GET_OPTIONS = GET_NAMES.map((name) => `--${name}`);

const takesValue = (name: OptionName): boolean => ['one', 'many'].includes(OPTIONS[name].value);

/** `--port` and `-p`. */
const formsOf = (name: OptionName): string[] => {
  const { short } = OPTIONS[name];
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
};

function bash(): string {
  const cases = OPTION_NAMES.filter(takesValue).map((name) => {
    const { completes } = OPTIONS[name];
    const words =
      completes === 'file'
        ? '$(compgen -f -- "$word")'
        : completes === 'folder'
          ? '$(compgen -d -- "$word")'
          : `$(compgen -W '${(completes ?? []).join(' ')}' -- "$word")`;
    return `    ${formsOf(name).join('|')}) COMPREPLY=(${words}); return ;;`;
  });
  return `# Completion of serval for bash, made by "serval completion bash"
_serval() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  case "$previous" in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -gt 1 ]; then
    case "$command" in
      help) COMPREPLY=($(compgen -W '${TOPICS.join(' ')}' -- "$word")); return ;;
      completion) COMPREPLY=($(compgen -W '${SHELLS.join(' ')}' -- "$word")); return ;;
      hash|version) return ;;
      get) COMPREPLY=($(compgen -f -W '${GET_OPTIONS.join(' ')}' -- "$word")); return ;;
    esac
  fi
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W '${LONG_NAMES.join(' ')}' -- "$word"))
  elif [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -d -W '${COMMAND_NAMES.join(' ')}' -- "$word"))
  elif [ "$command" != demo ]; then
    COMPREPLY=($(compgen -d -- "$word"))
  fi
}
complete -o filenames -F _serval serval
`;
}

function zsh(): string {
  const specs = OPTION_NAMES.flatMap((name) => {
    const { value, description, short, placeholder, completes, isOn } = OPTIONS[name];
    const text = `[${zshText(description)}]`;
    const action =
      completes === undefined
        ? ' '
        : completes === 'file'
          ? '_files'
          : completes === 'folder'
            ? '_files -/'
            : `(${completes.join(' ')})`;
    const repeats = value === 'many' ? '*' : '';
    const argument = takesValue(name) ? `:${placeholder}:${action}` : '';
    const spec = (form: string, suffix: string): string =>
      `    '${repeats}${form}${suffix}${text}${argument}'`;
    const forms = isOn ? [] : [spec(`--${name}`, takesValue(name) ? '=' : '')];
    if (short !== undefined) forms.push(spec(`-${short}`, takesValue(name) ? '+' : ''));
    if (isNegatable(name))
      forms.push(`    '--no-${name}[${isOn ? zshText(description) : `turn --${name} off`}]'`);
    return forms;
  });
  const getSpecs = GET_NAMES.flatMap((name) => {
    const { placeholder, description } = GET_OPTION_WORDS[name];
    const short = GET_SHORT_FORMS[name];
    const value = placeholder === undefined ? '' : `:${zshText(placeholder)}:_files`;
    const forms = [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
    return forms.map((form) => `    '*${form}[${zshText(description)}]${value}'`);
  });
  const commands = Object.entries(COMMANDS).map(([name, text]) => `    '${name}:${zshText(text)}'`);
  return `#compdef serval
# Completion of serval for zsh, made by "serval completion zsh"
_serval() {
  local -a commands options get_options
  commands=(
${commands.join('\n')}
  )
  options=(
${specs.join('\n')}
  )
  get_options=(
${getSpecs.join('\n')}
  )
  if (( CURRENT == 2 )) && [[ "$words[2]" != -* ]]; then
    _describe command commands
    _files -/
    return
  fi
  case "$words[2]" in
    help) _values topic ${TOPICS.join(' ')} ;;
    completion) _values shell ${SHELLS.join(' ')} ;;
    hash|version) ;;
    get) shift words; (( CURRENT-- )); _arguments -s $get_options '*:url:_urls' ;;
    *) _arguments -s $options '*:folder:_files -/' ;;
  esac
}
compdef _serval serval
`;
}

function zshText(text: string): string {
  // Quotes last: their backslash is not one of the text.
  return text.replace(/[[\]:\\]/g, (character) => `\\${character}`).replace(/'/g, "'\\''");
}

const NOT_GET = "'not __fish_seen_subcommand_from get'";

function fish(): string {
  const quoted = (text: string): string => `'${text.replace(/['\\]/g, (character) => `\\${character}`)}'`;
  const lines = OPTION_NAMES.flatMap((name) => {
    const { description, short, completes, isOn } = OPTIONS[name];
    const words = Array.isArray(completes) ? ` -a ${quoted(completes.join(' '))}` : '';
    const argument = takesValue(name) ? ` -r${completes === 'file' ? 'F' : ' -f'}${words}` : '';
    const folders = completes === 'folder' ? " -a '(__fish_complete_directories)'" : '';
    const dash = short === undefined ? '' : ` -s ${short}`;
    const no = isNegatable(name)
      ? [
          `complete -c serval -n ${NOT_GET} -f -l no-${name} -d ${quoted(isOn ? description : `turn --${name} off`)}`,
        ]
      : [];
    const yes = `complete -c serval -n ${NOT_GET}${takesValue(name) ? '' : ' -f'} -l ${name}${dash}${argument}${folders} -d ${quoted(description)}`;
    return isOn ? no : [yes, ...no];
  });
  const getLines = GET_NAMES.map((name) => {
    const { placeholder, description } = GET_OPTION_WORDS[name];
    const short = GET_SHORT_FORMS[name];
    const dash = short === undefined ? '' : ` -s ${short}`;
    const argument = placeholder === undefined ? '' : ' -rF';
    return `complete -c serval -n '__fish_seen_subcommand_from get' -l ${name}${dash}${argument} -d ${quoted(description)}`;
  });
  const isFirst = "-n 'test (count (commandline -opc)) -eq 1'";
  const commands = Object.entries(COMMANDS).map(
    ([name, text]) => `complete -c serval -f ${isFirst} -a ${name} -d ${quoted(text)}`,
  );
  return `# Completion of serval for fish, made by "serval completion fish"
${commands.join('\n')}
complete -c serval -f -a '(__fish_complete_directories)'
complete -c serval -f -n '__fish_seen_subcommand_from help' -a ${quoted(TOPICS.join(' '))}
complete -c serval -f -n '__fish_seen_subcommand_from completion' -a ${quoted(SHELLS.join(' '))}
${lines.join('\n')}
${getLines.join('\n')}
`;
}

/** The man page, made from the tables of options and from the help pages. `npm run docs` writes `man/serval.1`. */
import { COMMANDS } from '../commands.ts';
import { GET_SHORT_FORMS, type GetOptionName } from '../get/get-words.ts';
import { GET_OPTION_WORDS } from '../get/option-words.ts';
import {
  isNegatable,
  OPTION_NAMES,
  OPTION_TOPICS,
  OPTIONS,
  type OptionTopic,
} from '../options/option-table.ts';
import { optionRows, usageOf } from './option-rows.ts';
import { helpPage } from './pages.ts';
import { TOPICS, type Topic } from './topics.ts';

/** Roff for man(7). It has no date and no version, so that it changes with the options alone. */
export function manPage(): string {
  return `${[
    '.\\" Made from the tables of options by `npm run docs`.',
    '.TH SERVAL 1 "" "Serval"',
    section('NAME', 'serval \\- serve a folder over HTTP, and look at HTTP'),
    '.SH SYNOPSIS',
    ...synopsis([
      '[\\fIfolder\\fR] [\\fIoption\\fR ...]',
      'get \\fIurl\\fR ... [\\fIoption\\fR ...]',
      '\\fIcommand\\fR ...',
    ]),
    section('DESCRIPTION', escaped(DESCRIPTION)),
    '.SH COMMANDS',
    ...Object.entries(COMMANDS).flatMap(([name, text]) => entry(name, text)),
    '.SH OPTIONS',
    escaped(
      'An option is on the command line or, most of them, in serval.json. --no-<option> turns one off again.',
    ),
    ...optionsOf('start'),
    ...TOPICS.filter((topic) => topic !== 'get').flatMap(topicSection),
    '.SH SERVAL GET',
    ...preformatted(helpPage('get').split('\n\n').slice(0, 2).join('\n\n')),
    ...(Object.keys(GET_OPTION_WORDS) as GetOptionName[]).flatMap(getOption),
    '.SH ENVIRONMENT',
    ...entry('PORT', 'the port, where --port is not given'),
    ...entry('NO_COLOR', 'if it is set and not empty, the output has no colour'),
    ...entry('LISTEN_FDS, LISTEN_PID', 'sockets from systemd, instead of --port'),
    ...entry('NOTIFY_SOCKET', 'where systemd is notified of start, reload and stop'),
    ...entry(
      'XDG_CONFIG_HOME',
      'the folder of the keys of --tls and --acme, in a folder "serval"; ~/.config if it is not set',
    ),
    '.SH FILES',
    ...entry('serval.json', 'the settings, in the current folder; see --config'),
    section(
      'EXIT STATUS',
      escaped(
        '0 after an ordinary end, 1 if serval failed, 2 for a command line or a config file that is wrong. "serval get" has the exit codes of curl.',
      ),
    ),
    section('SEE ALSO', '.BR curl (1)'),
  ].join('\n')}\n`;
}

const DESCRIPTION =
  'serval serves a folder at http://127.0.0.1:4221, to this machine only unless --host says otherwise. It speaks HTTP/1.1 and, over TLS or by prior knowledge, HTTP/2.';

const section = (title: string, text: string): string => `.SH ${title}\n${text}`;

const synopsis = (forms: readonly string[]): string[] =>
  forms.flatMap((form, i) => [...(i === 0 ? [] : ['.br']), `.B serval\n${form}`]);

function topicSection(topic: Topic): string[] {
  const [title = '', ...rest] = helpPage(topic).split('\n');
  const isOfOptions = isOptionTopic(topic);
  const rows = isOfOptions ? optionRows(topic) : '';
  // For a page without options, all of it is examples and prose.
  const text = rest
    .join('\n')
    .replace(rows, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return [
    `.SS ${escaped(title)}`,
    ...(isOfOptions ? optionsOf(topic) : []),
    ...(text === '' ? [] : preformatted(`${text.replace(/^(?=serval|curl|\{)/, '  ')}`)),
  ];
}

const isOptionTopic = (topic: string): topic is OptionTopic =>
  (OPTION_TOPICS as readonly string[]).includes(topic);

function optionsOf(topic: OptionTopic): string[] {
  return OPTION_NAMES.filter((name) => OPTIONS[name].topic === topic).flatMap((name) => {
    const { description, isOn } = OPTIONS[name];
    const usage = usageOf(name).trim();
    const forms = isNegatable(name) ? `${usage}, ${isOn ? `--${name}` : `--no-${name}`}` : usage;
    return entry(forms, description);
  });
}

function getOption(name: GetOptionName): string[] {
  const { placeholder, description } = GET_OPTION_WORDS[name];
  const short = GET_SHORT_FORMS[name];
  const value = placeholder === undefined ? '' : ` <${placeholder}>`;
  return entry(`${short === undefined ? '' : `-${short}, `}--${name}${value}`, description);
}

const entry = (term: string, text: string): string[] => ['.TP', `.B ${escaped(term)}`, escaped(text)];

const preformatted = (text: string): string[] => ['.PP', '.nf', escaped(text), '.fi'];

/** A line that begins with a period or an apostrophe would be a request, and `-` alone a hyphen. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll('…', '...')
    .replace(/^\./gm, '\\&.');
}

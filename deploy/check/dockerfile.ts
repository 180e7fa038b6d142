/** Parses the subset of Dockerfiles that is used here: instructions, stages, and the command of the last stage. */

export interface Instruction {
  /** In capitals. */
  readonly name: string;
  readonly words: string;
}

export interface Stage {
  /** The base image. */
  readonly from: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** @throws {Error} for an instruction before the first FROM. */
export function parseDockerfile(text: string): Stage[] {
  const stages: { from: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const { name, words } of instructionsOf(text)) {
    if (name === 'FROM') {
      const [from = '', , stageName] = words.split(/\s+/);
      stages.push({ from, name: stageName, instructions: [] });
    } else if (stages.length === 0) throw new Error(`${name} before FROM`);
    else stages.at(-1)!.instructions.push({ name, words });
  }
  return stages;
}

function instructionsOf(text: string): Instruction[] {
  return text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', words = ''] = /^\s*(\S+)\s*(.*)$/.exec(line) ?? [];
      return { name: name.toUpperCase(), words };
    });
}

/** The last instruction with this name, which is the effective one. */
export function lastOf({ instructions }: Stage, name: string): string | undefined {
  return instructions.findLast((instruction) => instruction.name === name)?.words;
}

/** The words of a command in exec form, `["node", "main.js"]`; `undefined` for one that goes through a shell. */
export function execForm(words: string | undefined): string[] | undefined {
  if (words === undefined || !words.startsWith('[')) return undefined;
  return JSON.parse(words) as string[];
}

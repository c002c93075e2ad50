/** Text of the code blocks of a Markdown page, fenced or indented by four. */
export function codeBlocks(markdown: string): { info: string; text: string }[] {
  const blocks: { info: string; text: string }[] = [];
  let fence: { mark: string; info: string; lines: string[] } | undefined;
  let indented: string[] = [];
  const endIndented = (): void => {
    if (indented.some((line) => line !== '')) blocks.push({ info: '', text: indented.join('\n') });
    indented = [];
  };
  let after = '';
  for (const line of markdown.split('\n')) {
    const [, mark, info] = /^(```+|~~~+)\s*(.*)$/.exec(line) ?? [];
    if (fence && line.startsWith(fence.mark)) {
      blocks.push({ info: fence.info, text: fence.lines.join('\n') });
      fence = undefined;
    } else if (fence) fence.lines.push(line);
    else if (mark) fence = { mark, info, lines: [] };
    else if (/^( {4}|\t)/.test(line) && (after === '' || indented.length > 0))
      indented.push(line.replace(/^( {4}|\t)/, ''));
    else if (line === '' && indented.length > 0) indented.push('');
    else endIndented();
    after = line;
  }
  endIndented();
  return blocks;
}

/** Words of a shell's simple commands, in order; quotes are taken off, redirections and comments left out. */
export function simpleCommands(script: string): string[][] {
  const commands: string[][] = [[]];
  const token =
    /\s*(?:(#.*)|(\|\||&&|[|;&\n])|\d*(?:>>?|<)(?:&\d|\s*\S+)|((?:"(?:\\.|[^"\\])*"|'[^']*'|\\[^\n]|[^\s"'\\|;&<>])+))/y;
  const text = script.replace(/\\\n\s*/g, ' ').replace(/[ \t]+/g, ' ');
  for (let at = 0; at < text.length;) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) break;
    at = token.lastIndex;
    if (match[2]) commands.push([]);
    else if (match[3]) commands.at(-1)!.push(match[3].replace(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, a, b) => a ?? b));
  }
  return commands.filter((words) => words.length > 0);
}

/** What follows `facesieve` in every line of `text` that runs it: a prompt, npx, variables and YAML before it do not matter. */
export function facesieveCalls(text: string): string[][] {
  return text
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/^\s*(\$ |- run: |run: |- )?/, ''))
    .flatMap(simpleCommands)
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word))))
    .map((words) => (words[0] === 'npx' ? words.slice(1) : words))
    .flatMap(([program, ...rest]) => (program === 'facesieve' ? [rest] : []));
}

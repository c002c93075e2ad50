/**
 * Text that spreadsheets take for a formula: it begins with `=`, `+`, `-` or `@`, their full-width forms included, also
 * after blanks; or with a tab or a line end, after which some of them look again.
 */
const FORMULA = /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/;
/** The same with apostrophes before it, so that what {@link spreadsheetSafe} does can be undone exactly. */
const ESCAPED = new RegExp(FORMULA.source.replace('^', "^'+"));

export const isFormula = (text: string): boolean => FORMULA.test(text);

/** `text` with an apostrophe before it when a spreadsheet would compute it; other text is unchanged. */
export const spreadsheetSafe = (text: string): string => (isFormula(text) || ESCAPED.test(text) ? `'${text}` : text);

/** What {@link spreadsheetSafe} made `text` of; undefined when it cannot have put an apostrophe there. */
export const withoutApostrophe = (text: string): string | undefined => (ESCAPED.test(text) ? text.slice(1) : undefined);

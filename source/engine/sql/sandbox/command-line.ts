/** A program by its path, and its arguments as they are: no shell reads them. */
export type CommandLine = {readonly program: string; readonly arguments: readonly string[]};

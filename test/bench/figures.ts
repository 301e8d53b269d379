import { execFileSync } from 'node:child_process';

/** To a part of one: tenths unless told. */
export function round(value = 0, parts = 10): number {
  return Math.round(value * parts) / parts;
}

/** Bytes on disk, as the file system counts them. */
export function diskOf(folder: string): number {
  return Number(execFileSync('du', ['-s', '-k', folder], { encoding: 'utf8' }).split('\t')[0]) * 1024;
}

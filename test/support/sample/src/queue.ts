import { type UploadFile, type UploadTarget, upload } from './upload.ts';

export type UploadStatus = 'waiting' | 'uploading' | 'done' | 'failed';
export type StatusListener = (name: string, status: UploadStatus) => void;

/** Uploads files one after another, in the order they were added. */
export class UploadQueue {
  readonly #target: UploadTarget;
  readonly #files: UploadFile[] = [];
  readonly #listeners = new Set<StatusListener>();

  constructor(target: UploadTarget) {
    this.#target = target;
  }

  add(file: UploadFile): void {
    this.#files.push(file);
    this.#report(file, 'waiting');
  }

  onStatus(listener: StatusListener): void {
    this.#listeners.add(listener);
  }

  /** Uploads everything that waits. */
  async drain(): Promise<void> {
    for (let file = this.#files.shift(); file; file = this.#files.shift()) {
      this.#report(file, 'uploading');
      try {
        await upload(file, this.#target);
        this.#report(file, 'done');
      } catch {
        this.#report(file, 'failed');
      }
    }
  }

  #report(file: UploadFile, status: UploadStatus): void {
    for (const listener of this.#listeners) listener(file.name, status);
  }
}

/** A file to send. */
export interface UploadFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Where files go. `send` rejects when the server did not take the file. */
export interface UploadTarget {
  send(file: UploadFile): Promise<void>;
}

/** Sends one file. */
export async function upload(file: UploadFile, target: UploadTarget): Promise<void> {
  if (file.bytes.length === 0) throw new Error(`${file.name} is empty`);
  await target.send(file);
}

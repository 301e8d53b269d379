/** Names one file of a comparison; made by the host, so that no path crosses from the webview. */
export type FileId = string;

/** XML that is not well formed, or uses what is refused. The message completes "<part> is damaged: ". */
export class XmlError extends Error {}

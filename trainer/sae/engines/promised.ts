/** Work that is done at once behind an interface that also serves engines which must wait: throws become rejections. */
export function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()))
}

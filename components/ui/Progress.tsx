/** The progress of long work. */
export function Progress({ done, total, label }: { done: number; total: number; label: string }) {
  const share = total > 0 ? Math.min(1, done / total) : 0
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      className="bg-surface h-1.5 overflow-hidden rounded border"
    >
      <div className="bg-accent h-full" style={{ width: `${share * 100}%` }} />
    </div>
  )
}

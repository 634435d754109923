import type { z } from 'zod'
import type { RunPictureAnswer as Picture } from '../../lib/runs/pictureSchema'
import type {
  RunAnswer as Answer,
  RunDetail as Detail,
  RunList as List,
  RunPoint as Point,
  RunSummary as Summary,
} from '../../lib/runs/schema'

export type RunSummary = z.output<typeof Summary>
export type RunDetail = z.output<typeof Detail>
export type RunPoint = z.output<typeof Point>
export type RunList = z.output<typeof List>
export type RunAnswer = z.output<typeof Answer>
export type RunPicture = z.output<typeof Picture>

/** Before any page: the same check of who asks as before any route of the API. */
import { NextResponse, type NextRequest } from 'next/server'
import { checkAccess } from './lib/api/access'
import { LoupeError } from './trainer/errors'

export function proxy(request: NextRequest): NextResponse {
  try {
    checkAccess(request.headers)
    return NextResponse.next()
  } catch (error) {
    if (!(error instanceof LoupeError)) throw error
    return new NextResponse(`${error.message}\n${error.remedy ?? ''}\n`, { status: error.status })
  }
}

/** The API answers for itself, in JSON. */
export const config = { matcher: '/((?!api/).*)' }

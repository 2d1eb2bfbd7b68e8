import CKernels

/// Runs `body(thread, threads)` once on each thread of a team and waits for all.
///
/// The team is OpenMP's, which OpenBLAS uses too, so that there is one pool. It may be smaller than asked: bodies divide
/// their work by the `threads` they get.
func parallel(_ threads: Int, _ body: (_ thread: Int, _ threads: Int) -> Void) {
  if threads <= 1 { return body(0, 1) }
  withoutActuallyEscaping(body) { body in
    withUnsafePointer(to: body) { pointer in
      fledge_parallel(
        Int32(threads),
        { context, thread, threads in
          context?.assumingMemoryBound(to: ((Int, Int) -> Void).self).pointee(Int(thread), Int(threads))
        }, UnsafeMutableRawPointer(mutating: pointer))
    }
  }
}

/// The piece of `count` that a thread works on: pieces differ by at most `grain`, and begin at multiples of it.
func share(of count: Int, thread: Int, threads: Int, grain: Int = 1) -> Range<Int> {
  let grains = (count + grain - 1) / grain
  let start = min(count, grains * thread / threads * grain)
  return start..<min(count, grains * (thread + 1) / threads * grain)
}

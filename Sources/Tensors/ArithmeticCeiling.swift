internal import CKernels

/// How fast the processor multiplies and adds when nothing has to be read or written.
package enum ArithmeticCeiling {
  /// Multiplications and additions a second, on as many threads as `team` has at once; `nil` where the path has no
  /// instructions that could be timed.
  ///
  /// The fastest of some rounds of a few milliseconds each: whatever else the machine does makes a round slower only.
  package static func operationsPerSecond(_ path: KernelPath, _ precision: Precision, team: WorkerTeam) -> Double? {
    let rounds = 2_000_000
    var best = 0.0
    for _ in 0..<7 {
      let start = ContinuousClock.now
      team.run(tasks: team.size) { _, _ in _ = unsafe ck_peak(path.rawValue, precision.format, rounds) }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let operations = unsafe ck_peak(path.rawValue, precision.format, 1) * Double(rounds * team.size)
      best = max(best, operations / seconds)
    }
    return best > 0 ? best : nil
  }
}

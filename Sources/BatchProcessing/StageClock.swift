/// Seconds by stage of a run, for `timings` in `run.json`; nothing else in an output depends on a clock.
struct StageClock {
  private let began = ContinuousClock.now
  private var stageBegan = ContinuousClock.now
  private var stages: [String: Double] = [:]

  /// Ends the current stage under `name` and begins the next.
  mutating func finish(_ name: String) {
    let now = ContinuousClock.now
    stages[name, default: 0] += (now - stageBegan) / .seconds(1)
    stageBegan = now
  }

  /// Rounded to milliseconds, with the `total`.
  var seconds: [String: Double] {
    var seconds = stages
    seconds["total"] = (ContinuousClock.now - began) / .seconds(1)
    return seconds.mapValues { ($0 * 1000).rounded() / 1000 }
  }
}

/// How long a study may be passed over by flagged studies that came after it.
///
/// A study's limit ends at its *read-by* time, arrival plus ``seconds(for:)``. What arrives after that time is never read
/// before it, whatever it is flagged for. That needs no clock and no reading rate, as the order follows from the arrivals
/// alone; and where one always reads the first study of the list, nobody waits longer than the longest wait that first in,
/// first out would give, plus this limit.
package struct WaitingLimits: Sendable, Equatable {
  /// Seconds from 60 to 31,536,000 (a year).
  package static let range = 60...365 * 86_400

  private let byLevel: [PriorityLevel: Int]

  /// - Parameters:
  ///   - limit: Seconds for a study without priority.
  ///   - levels: Seconds by priority; one that is left out has the limit of the next lower one.
  /// - Returns: `nil` when a limit is out of ``range``, or a higher priority has a longer limit than a lower one, so that a
  ///   flag would cost a study its protection.
  package init?(limit: Int, levels: [PriorityLevel: Int] = [:]) {
    var (byLevel, rising): ([PriorityLevel: Int], [Int]) = ([:], [])
    for level in PriorityLevel.allCases.sorted() {
      rising.append(levels[level] ?? rising.last ?? limit)
      byLevel[level] = rising.last
    }
    self.byLevel = byLevel
    guard rising.allSatisfy(Self.range.contains), zip(rising, rising.dropFirst()).allSatisfy({ $0 >= $1 }) else {
      return nil
    }
  }

  /// The limit of a study with this priority.
  package func seconds(for level: PriorityLevel) -> Int { byLevel[level] ?? Self.range.upperBound }
}

extension WorklistStudy {
  /// Microseconds on the axis of ``StudyArrival/microseconds``; the beginning of time for a study of unknown arrival, which
  /// counts as waiting for longer than any limit.
  func readBy(_ limits: WaitingLimits) -> Int {
    arrival.microseconds.map { $0 + limits.seconds(for: priority.level) * 1_000_000 } ?? .min
  }
}

package import DICOMCore

/// One study as the worklist orders it.
package struct WorklistStudy: Sendable, Equatable {
  package let studyInstanceUID: UID
  package let arrival: StudyArrival
  package let priority: PriorityDecision

  package init(studyInstanceUID: UID, arrival: StudyArrival, priority: PriorityDecision) {
    self.studyInstanceUID = studyInstanceUID
    self.arrival = arrival
    self.priority = priority
  }

  /// First in, first out: by arrival, then by Study Instance UID.
  package static func arrivesBefore(_ lhs: WorklistStudy, _ rhs: WorklistStudy) -> Bool {
    (lhs.arrival, lhs.studyInstanceUID) < (rhs.arrival, rhs.studyInstanceUID)
  }

  /// By level, then rank score, then first in, first out.
  static func ranksBefore(_ lhs: WorklistStudy, _ rhs: WorklistStudy) -> Bool {
    if lhs.priority.level != rhs.priority.level { return lhs.priority.level > rhs.priority.level }
    if lhs.priority.level > .none, lhs.priority.rankScore != rhs.priority.rankScore {
      return lhs.priority.rankScore > rhs.priority.rankScore
    }
    return arrivesBefore(lhs, rhs)
  }
}

/// A study at its place in the reading order.
package struct ReadingPlace: Sendable, Equatable {
  package let study: WorklistStudy
  /// Whether it stands before a study that ranks higher because that one arrived after this one's waiting limit.
  package let isDue: Bool
}

/// The order in which studies should be read.
package enum ReadingOrder {
  /// Moves flagged studies up and leaves the rest, "no assist" included, in first-in-first-out order.
  ///
  /// Flagged studies come first, by level, then rank score, then arrival. A flag therefore never moves a study behind
  /// one without a flag, and a study without one never overtakes another. The safety rule is that of cleared triage
  /// devices: nothing leaves the queue, and what is not flagged is read as if there were no triage.
  ///
  /// - Parameter waiting: How long a study may be passed over; `nil` for as long as flagged ones come in.
  /// - Returns: The same studies; the order does not depend on that of `studies`.
  package static func ordered(_ studies: [WorklistStudy], waiting: WaitingLimits? = nil) -> [WorklistStudy] {
    places(of: studies, waiting: waiting).map(\.study)
  }

  /// The order, and which studies owe their place to their waiting limit.
  ///
  /// Each place goes to the study that ranks highest among those that arrived no later than the earliest read-by time of all
  /// that are left. So nobody is overtaken by what arrives after their read-by time, and whoever stands before an earlier
  /// study ranks higher. Studies that arrive within one limit are ordered as if there were none.
  ///
  /// - Complexity: O(n²) comparisons of numbers at worst, O(n log n) where no limit matters.
  package static func places(of studies: [WorklistStudy], waiting: WaitingLimits? = nil) -> [ReadingPlace] {
    let ranked = studies.sorted(by: WorklistStudy.ranksBefore)
    guard let waiting else { return ranked.map { ReadingPlace(study: $0, isDue: false) } }
    let arrivals = ranked.map { $0.arrival.microseconds ?? .min }
    let deadlines = ranked.map { $0.readBy(waiting) }
    let byDeadline = ranked.indices.sorted { (deadlines[$0], $0) < (deadlines[$1], $1) }
    // The place in `ranked` of the highest study that arrives after a moment.
    let byArrival = ranked.indices.sorted { (arrivals[$0], $0) < (arrivals[$1], $1) }
    var highestFrom = [Int](repeating: .max, count: ranked.count + 1)
    for place in byArrival.indices.reversed() { highestFrom[place] = min(byArrival[place], highestFrom[place + 1]) }
    func highest(after moment: Int) -> Int {
      var (low, high) = (0, byArrival.count)
      while low < high {
        let middle = (low + high) / 2
        if arrivals[byArrival[middle]] <= moment { low = middle + 1 } else { high = middle }
      }
      return highestFrom[low]
    }
    var isPlaced = [Bool](repeating: false, count: ranked.count)
    var (first, earliest) = (0, 0)
    return ranked.indices.map { _ in
      while isPlaced[first] { first += 1 }
      while isPlaced[byDeadline[earliest]] { earliest += 1 }
      let moment = deadlines[byDeadline[earliest]]
      // There is one: whoever has the earliest read-by time arrived before it.
      var next = first
      while isPlaced[next] || arrivals[next] > moment { next += 1 }
      isPlaced[next] = true
      return ReadingPlace(study: ranked[next], isDue: highest(after: deadlines[next]) < next)
    }
  }
}

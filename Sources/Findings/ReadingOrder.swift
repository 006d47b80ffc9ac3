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
}

/// The order in which studies should be read.
package enum ReadingOrder {
  /// Moves flagged studies up and leaves the rest, "no assist" included, in first-in-first-out order.
  ///
  /// Flagged studies come first, by level, then rank score, then arrival. A flag therefore never moves a study behind
  /// one without a flag, and a study without one never overtakes another. The safety rule is that of cleared triage
  /// devices: nothing leaves the queue, and what is not flagged is read as if there were no triage.
  ///
  /// - Returns: The same studies; the order does not depend on that of `studies`.
  package static func ordered(_ studies: [WorklistStudy]) -> [WorklistStudy] {
    studies.sorted { lhs, rhs in
      if lhs.priority.level != rhs.priority.level { return lhs.priority.level > rhs.priority.level }
      if lhs.priority.level > .none, lhs.priority.rankScore != rhs.priority.rankScore {
        return lhs.priority.rankScore > rhs.priority.rankScore
      }
      return WorklistStudy.arrivesBefore(lhs, rhs)
    }
  }
}

internal import Findings

extension YAMLReader where Value == WaitingLimits {
  /// The `waiting` part of a pipeline: `{limit: 4h, levels: {high: 1h}}`.
  static var waitingLimits: YAMLReader {
    YAMLReader("a mapping with the keys limit and levels") { node, problems in
      guard let map = YAMLMapping(node, "waiting limits", keys: ["limit", "levels"], problems) else { return nil }
      let limit = map.required("limit", .duration)
      let levels = map.optional("levels", .durationsByLevel, default: [:])
      guard let limit, let levels else { return nil }
      if let limits = WaitingLimits(limit: limit, levels: levels) { return limits }
      problems.add(
        map.node("levels")?.place ?? map.place, "found a longer limit for a higher priority",
        expected: "limits that do not grow from limit to low, medium and high")
      return nil
    }
  }
}

extension YAMLReader where Value == [PriorityLevel: Int] {
  fileprivate static var durationsByLevel: YAMLReader {
    let expected = "a mapping with the keys high, medium and low"
    return YAMLReader(expected) { node, problems in
      let levels: [PriorityLevel] = [.high, .medium, .low]
      guard let map = YAMLMapping(node, "limits by priority", keys: levels.map(\.rawValue), problems) else {
        return nil
      }
      var durations: Value = [:]
      var isComplete = true
      for level in levels {
        guard let node = map.node(level.rawValue) else { continue }
        durations[level] = YAMLReader<Int>.duration.read(node, problems)
        isComplete = isComplete && durations[level] != nil
      }
      return isComplete ? durations : nil
    }
  }
}

extension YAMLReader where Value == Int {
  /// Seconds from `90min`, `4h` or `2d`.
  fileprivate static var duration: YAMLReader {
    let units = [("min", 60), ("h", 3600), ("d", 86_400)]
    return scalar("a duration from 1min to 365d, such as 90min, 4h or 2d") { text in
      for (unit, seconds) in units where text.hasSuffix(unit) {
        let digits = text.dropLast(unit.count)
        guard (1...6).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
          let count = Int(digits), WaitingLimits.range.contains(count * seconds)
        else { return nil }
        return count * seconds
      }
      return nil
    }
  }
}

/// What ``EndToEndBenchmark`` measured.
package struct EndToEndBenchmarkResult: Sendable, Codable {
  /// One kind of work, in this process and in children.
  package struct Row: Sendable, Codable {
    package let work: EndToEndBenchmark.Work
    /// Files used in one run.
    package let files: Int
    /// Seconds of a run on the clock.
    package let inProcess: Spread
    package let inChildren: Spread
    /// In children against in this process, pair by pair: 1 where children cost nothing.
    package let ratio: Spread
    /// Seconds of processor time of all processes of a run, user and system.
    package let processorInProcess: Spread
    package let processorInChildren: Spread
    package let processorRatio: Spread

    init(_ work: EndToEndBenchmark.Work, images: Int, here: [Measure], there: [Measure]) {
      (self.work, files) = (work, images)
      inProcess = Spread(here.map(\.wall))
      inChildren = Spread(there.map(\.wall))
      ratio = Spread(zip(there, here).map { $0.wall / max($1.wall, 1e-9) })
      processorInProcess = Spread(here.map(\.processor))
      processorInChildren = Spread(there.map(\.processor))
      processorRatio = Spread(zip(there, here).map { $0.processor / max($1.processor, 1e-9) })
    }

    enum CodingKeys: String, CodingKey {
      case work, files, ratio
      case inProcess = "in_process_seconds"
      case inChildren = "in_children_seconds"
      case processorInProcess = "in_process_processor_seconds"
      case processorInChildren = "in_children_processor_seconds"
      case processorRatio = "processor_ratio"
    }
  }

  package let iterations: Int
  package let threads: Int
  package let machine: MachineSummary
  /// Seconds.
  package let startOfChild: Spread
  package let rows: [Row]

  enum CodingKeys: String, CodingKey {
    case iterations, threads, machine, rows
    case startOfChild = "start_of_child_seconds"
  }

  package func json() throws -> String { try JSONOutput.text(self) }
}

/// The middle of some measurements and how far they lie apart.
package struct Spread: Sendable, Codable {
  package let median: Double
  package let lowerQuartile: Double
  package let upperQuartile: Double

  /// Quantiles between two values are interpolated.
  init(_ values: [Double]) {
    let sorted = values.sorted()
    func quantile(_ share: Double) -> Double {
      guard let last = sorted.indices.last else { return 0 }
      let place = share * Double(last)
      let (low, high) = (Int(place.rounded(.down)), Int(place.rounded(.up)))
      return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
    (median, lowerQuartile, upperQuartile) = (quantile(0.5), quantile(0.25), quantile(0.75))
  }

  enum CodingKeys: String, CodingKey {
    case median
    case lowerQuartile = "lower_quartile"
    case upperQuartile = "upper_quartile"
  }
}

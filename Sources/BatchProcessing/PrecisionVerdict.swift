package import CacheStorage
package import DICOMCore
internal import Foundation
package import SigLIP
package import Tensors

/// What a comparison with 32-bit floats came to, on the images and the model of one user.
package struct PrecisionVerdict: Sendable, Codable, Equatable {
  /// What a precision must reach.
  package struct Gate: Sendable, Codable, Equatable {
    /// Of every image's embedding with that in 32-bit floats, at least.
    package let cosine: Double
    /// Of the rankings by every finding with those in 32-bit floats, at least.
    package let rankCorrelation: Double

    enum CodingKeys: String, CodingKey {
      case cosine
      case rankCorrelation = "spearman"
    }
  }

  /// One finding of the label set.
  package struct Finding: Sendable, Codable, Equatable {
    package let label: String
    /// Spearman's, of the ranking of the images; `nil` where one of the two ranks nothing.
    package let rankCorrelation: Double?
    /// Of the score that the threshold is on: the largest change of an image, and the median one.
    package let largestShift: Double
    package let medianShift: Double
    /// Images on the other side of the threshold.
    package let changedFlags: Int

    enum CodingKeys: String, CodingKey {
      case label
      case rankCorrelation = "spearman"
      case largestShift = "largest_shift"
      case medianShift = "median_shift"
      case changedFlags = "changed_flags"
    }
  }

  package let precision: Precision
  package let backend: String
  package let model: String
  package let modelDigest: ContentDigest
  package let pipeline: String
  package let version: String
  /// In ISO 8601.
  package let date: String
  package let images: Int
  package let lowestCosine: Double
  package let medianCosine: Double
  package let findings: [Finding]
  package let gate: Gate

  /// The worst of the findings; `nil` where one cannot be compared.
  package let lowestRankCorrelation: Double?
  package let passed: Bool

  init(
    of model: SigLIPModel, pipeline: String, cosines: [Double], findings: [Finding], date: String
  ) {
    let sorted = cosines.sorted()
    let correlations = findings.map(\.rankCorrelation)
    precision = model.precision
    backend = model.arithmetic.backend
    self.model = model.identity.id
    modelDigest = model.identity.weightsDigest
    self.pipeline = pipeline
    version = BuckyVersion.text
    self.date = date
    images = sorted.count
    lowestCosine = sorted.first ?? 0
    medianCosine = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    self.findings = findings
    gate = .gate(for: model.precision)
    lowestRankCorrelation = correlations.contains(nil) ? nil : correlations.compactMap(\.self).min()
    passed = lowestCosine >= gate.cosine && (lowestRankCorrelation ?? -1) >= gate.rankCorrelation
  }

  enum CodingKeys: String, CodingKey {
    case precision, backend, model, pipeline, version, date, images, findings, gate, passed
    case modelDigest = "model_digest"
    case lowestCosine = "cosine_min"
    case medianCosine = "cosine_median"
    case lowestRankCorrelation = "spearman_min"
  }

  package func json() throws -> String { try JSONOutput.text(self) }

  /// The figures that decide, in one line.
  package var figures: String {
    func number(_ value: Double) -> String { "\((value * 1e6).rounded() / 1e6)" }
    let rank = lowestRankCorrelation.map(number) ?? "not comparable"
    return "cosine at least \(number(lowestCosine)) (gate \(gate.cosine)), Spearman at least \(rank) "
      + "(gate \(gate.rankCorrelation)), \(images) images"
  }
}

extension PrecisionVerdict.Gate {
  /// 32-bit floats are what is compared with.
  package static func gate(for precision: Precision) -> PrecisionVerdict.Gate {
    switch precision {
    case .fp32: PrecisionVerdict.Gate(cosine: 1, rankCorrelation: 1)
    case .bf16: PrecisionVerdict.Gate(cosine: 0.9995, rankCorrelation: 0.999)
    case .int8: PrecisionVerdict.Gate(cosine: 0.998, rankCorrelation: 0.995)
    }
  }
}

/// The verdicts of one machine, by model, precision, instructions and version of this program.
package struct PrecisionVerdicts: Sendable {
  private let store: EntryStore

  package init(_ cache: CacheFolder) {
    store = EntryStore("verdicts", in: cache, capacity: 16 << 20)
  }

  package func verdict(of identity: ModelIdentity, _ precision: Precision) -> PrecisionVerdict? {
    store.bytes(for: Self.key(identity, precision)).flatMap {
      try? JSONDecoder().decode(PrecisionVerdict.self, from: Data($0))
    }
  }

  /// Stores a verdict, over an earlier one.
  package func store(_ verdict: PrecisionVerdict, of identity: ModelIdentity) throws {
    store.store(try JSONOutput.line(verdict), for: Self.key(identity, verdict.precision))
  }

  private static func key(_ identity: ModelIdentity, _ precision: Precision) -> ContentDigest {
    ContentDigest(
      ofText: """
        verdict/3 \(BuckyVersion.text) \(precision.rawValue) \(KernelPath.current.name)
        \(identity.weightsDigest) \(identity.configurationDigest) \(identity.tokenizerDigest)
        """)
  }
}

package import CacheStorage
internal import SigLIP
package import Tensors

/// A checkpoint, what is packed of it and which precisions have been compared.
package struct ModelInspection: Sendable {
  package let setup: ModelSetup
  /// Files of packed layers.
  package let prepared: [CacheFolder.LargeFile]
  package let verdicts: [PrecisionVerdict]

  /// Reads every file of the checkpoint. In bfloat16, because the layers take half the memory: nothing is embedded.
  package init(model: String?, cache: CacheFolder?) throws {
    let setup = try ModelSetup(model: model, loading: ModelLoading(unverified: .bf16, cache: nil))
    self.setup = setup
    prepared = cache.map { setup.model.identity.preparedFiles(in: $0) } ?? []
    verdicts =
      cache.map(PrecisionVerdicts.init).map { verdicts in
        Precision.allCases.compactMap { verdicts.verdict(of: setup.model.identity, $0) }
      } ?? []
  }

  /// The summary, with what is kept, as one JSON object.
  package func json() throws -> String {
    struct Kept: Encodable {
      let name: String
      let bytes: Int
    }
    struct Output: Encodable {
      let summary: ModelSummary
      let prepared: [Kept]
      let verdicts: [PrecisionVerdict]

      enum CodingKeys: String, CodingKey { case prepared, verdicts }

      func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(prepared, forKey: .prepared)
        try container.encode(verdicts, forKey: .verdicts)
      }
    }
    return try JSONOutput.text(
      Output(
        summary: setup.model.summary, prepared: prepared.map { Kept(name: $0.name, bytes: $0.byteCount) },
        verdicts: verdicts))
  }
}

/// The packed layers of a model in one precision.
package struct ModelPreparation: Sendable, Encodable {
  package struct File: Sendable, Encodable {
    package let name: String
    package let bytes: Int
  }

  package let model: String
  package let precision: Precision
  package let files: [File]
  /// On the clock, the digests of the checkpoint among it.
  package let seconds: Double

  /// Packs what is not there yet.
  ///
  /// - Parameter rereading: Whether what is there is read and compared with its digest.
  /// - Throws: ``BatchError/outputNotWritable(path:errno:)`` when the cache cannot hold it.
  package init(model: String?, precision: Precision, cache: CacheFolder, rereading: Bool) throws {
    let start = ContinuousClock.now
    let setup = try ModelSetup(
      model: model, loading: ModelLoading(unverified: precision, cache: cache, rereading: rereading))
    if let failure = cache.failure { throw BatchError(failure) }
    let parts = ["-vision-\(precision.rawValue)-", "-text-\(setup.model.arithmetic.textPrecision.rawValue)-"]
    self.model = setup.model.identity.id
    self.precision = precision
    files = setup.model.identity.preparedFiles(in: cache).filter { file in
      parts.contains { file.name.contains($0) }
    }.map { File(name: $0.name, bytes: $0.byteCount) }
    seconds = (ContinuousClock.now - start) / .seconds(1)
  }

  package func json() throws -> String { try JSONOutput.text(self) }
}

extension BatchError {
  package init(_ error: CacheError) {
    switch error {
    case .notCreatable(let path, let number): self = .outputNotCreatable(path: path, errno: number)
    case .notWritable(let path, let number): self = .outputNotWritable(path: path, errno: number)
    case .notPrivate: self = .configuration("\(error)")
    case .inUse(let path): self = .outputInUse(path: path)
    }
  }
}

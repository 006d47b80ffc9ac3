internal import Foundation
internal import Glibc
internal import SigLIP
internal import Tensors
internal import Testing

/// A checkpoint of full size with the answers of transformers beside it, made by `make_fixtures.py full`.
///
/// `BUCKY_FULL_CHECKPOINT` names the directory. Run in release mode; it takes about half a minute and 4 GB.
@Suite struct FullCheckpointTests {
  static let variable = "BUCKY_FULL_CHECKPOINT"
  static let directory = ProcessInfo.processInfo.environment[variable]

  // Without a full checkpoint, parity is checked on the small one only, not over 27 layers of So400m.
  @Test(.enabled(if: directory != nil, "set BUCKY_FULL_CHECKPOINT to check a checkpoint of full size"))
  func `a full checkpoint gives the recorded embeddings`() throws {
    let directory = try #require(Self.directory)
    let expected = try SafetensorsFile(path: directory + "/expected.safetensors")
    let model = try timed("loading") { try SigLIPModel(directory: directory) }
    let image = try expected.row(0, of: "pixel_values")
    let embedding = try timed("image, 2 threads") { try model.imageEmbedding(image, threads: 2) }
    try report(embedding, expected.row(0, of: "image_embeds").values)
    #expect(try timed("image, 1 thread") { try model.imageEmbedding(image) } == embedding)
    for row in 0..<(expected["input_ids"]?.shape[0] ?? 0) {
      let identifiers = try expected.integers(row: row, of: "input_ids").map(Int32.init)
      try report(model.textEmbedding(identifiers, threads: 2), expected.row(row, of: "text_embeds").values)
    }
  }

  @Test(
    .enabled(if: directory != nil, "set BUCKY_FULL_CHECKPOINT to check a checkpoint of full size"),
    arguments: [(Precision.bf16, 0.9995), (.int8, 0.998)])
  func `narrow numbers keep the direction of an embedding`(precision: Precision, gate: Double) throws {
    let directory = try #require(Self.directory)
    let inputs = try SafetensorsFile(path: directory + "/expected.safetensors")
    let image = try inputs.row(0, of: "pixel_values")
    let prompts = try (0..<(inputs["input_ids"]?.shape[0] ?? 0)).map { row in
      try inputs.integers(row: row, of: "input_ids").map(Int32.init)
    }
    func embeddings(_ model: SigLIPModel) throws -> [[Float]] {
      let profile = EncoderProfile()
      let embedding = try timed("\(model.precision) image, 2 threads") {
        try model.imageEmbedding(image, threads: 2, profile: profile)
      }
      for (part, seconds) in profile.seconds.sorted(by: { $0.value > $1.value }) { print("  \(part) \(seconds)") }
      return try [embedding] + model.textEmbeddings(prompts, threads: 2)
    }
    let exact = try embeddings(SigLIPModel(directory: directory))
    let model = try timed("\(precision) loading") { try SigLIPModel(directory: directory, precision: precision) }
    let narrow = try embeddings(model)
    #expect(try timed("\(precision) image, 1 thread") { try model.imageEmbedding(image) } == narrow[0])
    for (embedding, reference) in zip(narrow, exact) { expectCosine(embedding, reference, atLeast: gate) }
  }

  @Test(
    .enabled(if: directory != nil, "set BUCKY_FULL_CHECKPOINT to see what a map costs on a checkpoint of full size"))
  func `a map costs a small share of an encode`() throws {
    let model = try SigLIPModel(directory: try #require(Self.directory), precision: .int8)
    let side = model.imageSize
    let image = Tensor(
      shape: [3, side, side], values: (0..<3 * side * side).map { Float($0 % 509) / 254 - 1 })
    let size = model.configuration.embeddingSize
    func value(_ index: Int, _ place: Int) -> Float { Float((place * 31 + index * 17) % 101) / 50 - 1 }
    let directions = (0..<52).map { index in (0..<size).map { place in value(index, place) } }
    func seconds(_ count: Int) throws -> Double {
      let start = Double(Glibc.clock())
      _ = try model.explainedEmbedding(image) { _ in Array(directions.prefix(count)) }
      return (Double(Glibc.clock()) - start) / 1e6
    }
    _ = try seconds(0)
    let (encode, one, many) = (try seconds(0), try seconds(1), try seconds(52))
    print("  processor seconds: encode \(encode), with a map \(one), with 52 maps \(many)")
    #expect((many - encode) / 52 < 0.02 * encode)
  }

  private func expectCosine(_ embedding: [Float], _ reference: [Float], atLeast gate: Double) {
    let cosine = zip(embedding, reference).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    print("  1 - cosine \(1 - cosine)")
    #expect(cosine >= gate)
  }

  private func timed<R>(_ name: String, _ body: () throws -> R) rethrows -> R {
    let clock = ContinuousClock()
    let (start, used) = (clock.now, Double(Glibc.clock()))
    let result = try body()
    print("\(name): \(clock.now - start), processor seconds \((Double(Glibc.clock()) - used) / 1e6)")
    return result
  }

  private func report(_ embedding: [Float], _ reference: [Float]) throws {
    let difference = zip(embedding, reference).map { abs($0 - $1) }.max() ?? .infinity
    let cosine = zip(embedding, reference).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    print("largest difference \(difference), 1 - cosine \(1 - cosine)")
    expectSame(embedding, reference)
  }
}

internal import SigLIP
internal import Tensors
internal import Testing

/// Embeddings against those that Hugging Face transformers 4.53.0 computes from the same weights (`make_fixtures.py`).
///
/// The gates are those of the encoder facts: 2e-5 on every value of a unit embedding and a cosine of 1 - 1e-6.
@Suite struct ParityTests {
  let expected: SafetensorsFile

  init() throws {
    expected = try SafetensorsFile(path: SmallCheckpoint.fixtures + "/small.safetensors")
  }

  @Test(arguments: [(StoredTensor.FloatType.float32, 1), (.float32, 3), (.float16, 1), (.bfloat16, 1), (.bfloat16, 2)])
  func `embeddings agree for every stored type, in one file and in shards`(
    type: StoredTensor.FloatType, shardCount: Int
  ) throws {
    let checkpoint = try SmallCheckpoint(storedAs: type, shardCount: shardCount)
    let model = try SigLIPModel(directory: checkpoint.directory)
    let image = try model.imageEmbedding(SeededValues.image(side: SmallCheckpoint.imageSize), threads: 2)
    try expectSame(image, expected.row(0, of: "\(type.rawValue).image_embeds").values)
    for row in 0..<3 {
      let identifiers = try expected.integers(row: row, of: "input_ids").map(Int32.init)
      let text = try model.textEmbedding(identifiers, threads: 2)
      try expectSame(text, expected.row(row, of: "\(type.rawValue).text_embeds").values)
      let cosine = zip(image, text).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      let logit = try expected.row(0, of: "\(type.rawValue).logits_per_image").values[row]
      #expect(abs(cosine * model.logitFactor + Double(model.logitBias) - Double(logit)) < 5e-3)
    }
  }

  @Test func `prompts become the embeddings of their tokens`() throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory)
    for (row, prompt) in ["no pneumothorax", "Small LEFT pleural effusion.", ""].enumerated() {
      try expectSame(model.textEmbedding(prompt), expected.row(row, of: "F32.text_embeds").values)
    }
  }

  @Test func `prompts embedded together are those embedded alone, in order`() throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory)
    let prompts = try ["no pneumothorax", "Small LEFT pleural effusion.", "", "rib fracture"].map(
      model.tokenizer.tokenize)
    #expect(try model.textEmbeddings(prompts, threads: 3) == prompts.map { try model.textEmbedding($0) })
    #expect(throws: CheckpointError.tokenOutOfRange(-1, vocabularySize: 352)) {
      try model.textEmbeddings(prompts + [[-1]], threads: 2)
    }
  }

  @Test func `fewer tokens than positions are allowed`() throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory)
    let identifiers = try expected.integers(row: 0, of: "input_ids").prefix(5).map(Int32.init)
    try expectSame(model.textEmbedding(identifiers), expected.row(0, of: "text.short").values)
  }

  @Test func `every layer of both towers agrees`() throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory)
    let vision = try model.imageStates(SeededValues.image(side: SmallCheckpoint.imageSize))
    let text = try model.textStates(expected.integers(row: 0, of: "input_ids").map(Int32.init))
    for (name, states) in [("vision", vision), ("text", text)] {
      for (index, stage) in [EncoderStage.embeddings, .layer(0), .layer(1)].enumerated() {
        let state = try #require(states[stage])
        let reference = try (0..<state.shape[0]).flatMap { row in
          try expected.row(row, of: "\(name).state.\(index)").values
        }
        let difference = zip(state.values, reference).map { abs($0 - $1) }.max() ?? .infinity
        #expect(state.values.count == reference.count)
        // States reach about 10, where one unit in the last place is 1e-6.
        #expect(difference < 5e-5, "\(name), state \(index)")
      }
    }
  }

  @Test(arguments: [48, 101, 896])
  func `positions are resampled for images of another size`(side: Int) throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory, imageSize: side)
    #expect(model.imageSize == side)
    #expect(model.summary.warnings.contains { $0.hasPrefix("positions resampled from 5 x 5") })
    try expectSame(
      model.imageEmbedding(SeededValues.image(side: side)), expected.row(0, of: "image_embeds.\(side)").values)
  }

  @Test(arguments: [48, 101, 896], [Precision.bf16, .int8])
  func `images of another size are embedded in every precision`(side: Int, precision: Precision) throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory, imageSize: side, precision: precision)
    let embedding = try model.imageEmbedding(SeededValues.image(side: side), threads: 2)
    let reference = try expected.row(0, of: "image_embeds.\(side)").values
    let cosine = zip(embedding, reference).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(cosine >= (precision == .bf16 ? 0.9995 : 0.998))
  }

  @Test func `a turned image has another embedding`() throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory)
    let image = SeededValues.image(side: SmallCheckpoint.imageSize)
    let side = SmallCheckpoint.imageSize
    let turned = (0..<image.values.count).map { index in
      let (channel, row, column) = (index / (side * side), index / side % side, index % side)
      return image.values[(channel * side + column) * side + row]
    }
    let same = try model.imageEmbedding(image)
    let other = try model.imageEmbedding(Tensor(shape: image.shape, values: turned))
    #expect(zip(same, other).contains { abs($0 - $1) > 1e-3 })
  }
}

/// Checks the two gates.
func expectSame(
  _ embedding: [Float], _ reference: [Float], sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(embedding.count == reference.count, sourceLocation: sourceLocation)
  let pairs = zip(embedding, reference).map { (Double($0), Double($1)) }
  let difference = pairs.map { abs($0 - $1) }.max() ?? .infinity
  let norms = pairs.reduce((0.0, 0.0)) { ($0.0 + $1.0 * $1.0, $0.1 + $1.1 * $1.1) }
  let cosine = pairs.reduce(0.0) { $0 + $1.0 * $1.1 } / (norms.0 * norms.1).squareRoot()
  #expect(difference <= 2e-5, sourceLocation: sourceLocation)
  #expect(cosine >= 1 - 1e-6, sourceLocation: sourceLocation)
  #expect(abs(norms.0 - 1) < 1e-6, sourceLocation: sourceLocation)
}

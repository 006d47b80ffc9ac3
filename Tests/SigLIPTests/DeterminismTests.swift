internal import SigLIP
internal import Tensors
internal import Testing

@Suite struct DeterminismTests {
  @Test func `an embedding has the same bits for any number of threads`() throws {
    let checkpoint = try SmallCheckpoint()
    // 17 x 17 patches make two blocks of rows, the last one short.
    let model = try SigLIPModel(directory: checkpoint.directory, imageSize: 238)
    let image = SeededValues.image(side: 238)
    let alone = try model.imageEmbedding(image, threads: 1)
    for threads in [2, 3, 7] {
      #expect(try model.imageEmbedding(image, threads: threads) == alone)
    }
    let prompt = try model.textEmbedding("no pneumothorax", threads: 1)
    #expect(try model.textEmbedding("no pneumothorax", threads: 4) == prompt)
  }

  @Test func `several tasks may embed at the same time`() async throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory)
    let images = (0..<4).map { shift in
      let image = SeededValues.image(side: SmallCheckpoint.imageSize)
      return Tensor(shape: image.shape, values: image.values.map { $0 * Float(4 - shift) / 4 })
    }
    let alone = try images.map { try model.imageEmbedding($0) }
    let together = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
      for (index, image) in images.enumerated() {
        group.addTask { (index, try model.imageEmbedding(image, threads: 2)) }
      }
      var results: [Int: [Float]] = [:]
      for try await (index, embedding) in group { results[index] = embedding }
      return results
    }
    for index in images.indices { #expect(together[index] == alone[index]) }
  }
}

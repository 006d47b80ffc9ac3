internal import CKernels

/// Keys and values of all heads, packed for attention between the tokens of one image or prompt.
///
/// Safe to share for the reason that ``AlignedMemory`` is.
@safe
package struct AttentionHeads: @unchecked Sendable {
  /// Queries that go together: one panel.
  package static let queryBlockSize = Int(CK_PANEL)

  /// Of keys and values as they are packed. Queries, keys and values arrive as floats for fp32 and as bfloat16 otherwise.
  package let precision: Precision
  package let headCount: Int
  package let headSize: Int
  package let tokenCount: Int
  private let keys: AlignedMemory
  private let keyScales: AlignedMemory
  private let values: AlignedMemory
  private let valueScales: AlignedMemory

  package init(tokens: Int, heads: Int, headSize: Int, precision: Precision) {
    self.precision = precision
    self.headCount = heads
    self.headSize = headSize
    self.tokenCount = tokens
    let scaleCount = precision == .int8 ? heads * tokens : 0
    self.keys = AlignedMemory(byteCount: 4 * heads * tokens * ck_words(precision.format, headSize))
    self.keyScales = AlignedMemory(byteCount: 4 * scaleCount)
    self.values = AlignedMemory(byteCount: 4 * heads * ck_words(precision.format, tokens) * headSize)
    self.valueScales = AlignedMemory(byteCount: 8 * scaleCount)
  }

  fileprivate var scratchWords: Int { ck_attention_scratch(precision.format, tokenCount, headSize) }

  @unsafe fileprivate var kernelHeads: ck_heads {
    unsafe ck_heads(
      format: precision.format, heads: headCount, head_size: headSize, tokens: tokenCount,
      keys: keys.values(Int32.self), key_scales: keyScales.values(Float.self), values: values.values(Int32.self),
      value_scales: valueScales.values(Float.self))
  }

  /// Attention of one head, which reads and writes its columns of `projections` and `context`.
  @unsafe fileprivate func kernelAttention(
    head: Int, _ projections: Activations, _ context: Activations
  ) -> ck_attention {
    let firstScale = precision == .int8 ? head * tokenCount : 0
    let column = head * headSize * (precision == .fp32 ? 4 : 2)
    return unsafe ck_attention(
      format: precision.format, tokens: tokenCount, head_size: headSize, scale: 1 / Float(headSize).squareRoot(),
      queries: UnsafeRawPointer(projections.words) + column, query_stride: projections.valueStride,
      keys: keys.values(Int32.self) + head * tokenCount * ck_words(precision.format, headSize),
      key_scales: keyScales.values(Float.self) + firstScale,
      values: values.values(Int32.self) + head * ck_words(precision.format, tokenCount) * headSize,
      value_scales: valueScales.values(Float.self) + 2 * firstScale,
      context: UnsafeMutableRawPointer(context.words) + column, context_stride: context.valueStride)
  }
}

/// Memory that one worker needs for a block of queries.
///
/// Safe to hand on: each worker has one of its own, and nobody else reads or writes it.
@safe
package struct AttentionScratch: @unchecked Sendable {
  fileprivate let memory: AlignedMemory

  package init(_ heads: AttentionHeads) {
    memory = AlignedMemory(byteCount: 4 * heads.scratchWords)
  }
}

extension Precision {
  /// In which queries, keys and values come to attention and its context leaves it.
  package var attentionPrecision: Precision { self == .fp32 ? .fp32 : .bf16 }
}

extension Kernels {
  /// Packs keys and values of the tokens `rows` of `projections`, which hold queries, keys and values side by side.
  ///
  /// - Precondition: `rows` begins at an even token.
  package func pack(_ projections: Activations, rows: Range<Int>, into heads: AttentionHeads) {
    precondition(projections.columnCount == 3 * heads.headCount * heads.headSize)
    precondition(projections.rowCount == heads.tokenCount && rows.lowerBound % 2 == 0)
    precondition(projections.precision == heads.precision.attentionPrecision)
    let part = projections.rows(rows)
    var target = unsafe heads.kernelHeads
    unsafe functions.pack_heads(&target, part.words, part.valueStride, rows.lowerBound, rows.count)
  }

  /// What the tokens `rows` take from all others in one head: softmax of the scaled scores, times the values.
  ///
  /// The softmax is exact: all scores of a query are there before the first weight is made.
  ///
  /// - Precondition: At most ``AttentionHeads/queryBlockSize`` rows.
  package func attend(
    _ projections: Activations, _ heads: AttentionHeads, head: Int, rows: Range<Int>, scratch: AttentionScratch,
    into context: Activations, profile: EncoderProfile? = nil
  ) {
    precondition((0..<heads.headCount).contains(head) && rows.count <= AttentionHeads.queryBlockSize)
    precondition(projections.rowCount == heads.tokenCount && context.rowCount == heads.tokenCount)
    precondition(context.columnCount == heads.headCount * heads.headSize)
    precondition(projections.precision == heads.precision.attentionPrecision)
    precondition(context.precision == projections.precision && rows.upperBound <= heads.tokenCount)
    var attention = unsafe heads.kernelAttention(head: head, projections, context)
    let words = unsafe scratch.memory.values(Int32.self)
    guard let profile else {
      return unsafe functions.attend(&attention, rows.lowerBound, rows.count, words, nil)
    }
    var times = ck_times()
    unsafe functions.attend(&attention, rows.lowerBound, rows.count, words, &times)
    profile.add(times.scores, to: .scores)
    profile.add(times.weights, to: .softmax)
    profile.add(times.means, to: .means)
  }
}

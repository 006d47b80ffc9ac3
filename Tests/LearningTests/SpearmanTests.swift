import Learning
import Testing

struct SpearmanTests {
  @Test func `the same order is 1, the opposite order is -1, whatever the distances`() {
    #expect(Spearman.correlation([1, 2, 3, 4], [10, 20, 21, 400]) == 1)
    #expect(Spearman.correlation([1, 2, 3, 4], [9, 8, 1, 0]) == -1)
  }

  @Test func `ties count by their middle rank`() throws {
    // By hand: ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4; 4.5 / sqrt(4.5 · 5).
    let value = try #require(Spearman.correlation([1, 2, 2, 3], [1, 2, 3, 4]))
    #expect(abs(value - 0.948_683_298) < 1e-9)
  }

  @Test func `one swap among five is 0.9`() throws {
    let value = try #require(Spearman.correlation([1, 2, 3, 4, 5], [1, 3, 2, 4, 5]))
    #expect(abs(value - 0.9) < 1e-12)
  }

  @Test func `what cannot be ranked has no correlation`() {
    #expect(Spearman.correlation([1], [1]) == nil)
    #expect(Spearman.correlation([1, 2], [1, 2, 3]) == nil)
    #expect(Spearman.correlation([1, .nan], [1, 2]) == nil)
    #expect(Spearman.correlation([1, 1, 1], [1, 2, 3]) == nil)
    #expect(Spearman.correlation([1, 1, 1], [2, 2, 2]) == 1)
  }
}

import TestSupport
import Testing
import Volumes

struct GzipStreamTests {
  @Test func `A member has neither name nor time, and does not depend on how bytes are divided`() throws {
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    var whole = GzipStream()
    var one = whole.compress(bytes)
    one += whole.finish()
    #expect(Array(one.prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, one[8], 255])
    var divided = GzipStream()
    var two: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 70_001) {
      two += divided.compress(Array(bytes[start..<min(start + 70_001, bytes.count)]))
    }
    two += divided.finish()
    #expect(one == two)
    let gunzip = try #require(ExternalCommand("gzip"))
    let folder = try TemporaryFolder()
    try folder.write(one, to: "bytes.gz")
    #expect(try gunzip.run(["-d", folder.path("bytes.gz")]).status == 0)
    #expect(try folder.read("bytes") == bytes)
  }
}

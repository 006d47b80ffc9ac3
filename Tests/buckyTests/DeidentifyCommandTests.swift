import Foundation
import IdentityCorpus
import TestSupport
import Testing

/// The command over the marked corpus, with decoder children: what it prints, and where it fails.
struct DeidentifyCommandTests {
  @Test func `Nothing that is printed holds a marker, nor does anything that is written`() throws {
    let folder = try TemporaryFolder()
    let corpus = try IdentityCorpus()
    try corpus.write(to: folder.path("corpus"))
    let result = try BuiltProduct.bucky.run([
      "deidentify", folder.path("corpus/in"), "--output", folder.path("out"), "--threads", "2",
    ])
    #expect(result.status == 65)
    let search = FormSearch(corpus.markers.map { $0.bytes.map(FormSearch.bytes) })
    var left = search.found(in: Array((result.output + result.errors).utf8))
    for (name, bytes) in try TemporaryFolder.contents(of: folder.path("out")) {
      left.formUnion(search.found(in: Array(name.utf8) + bytes))
    }
    #expect(left.isEmpty, "\(left.sorted().prefix(5).map { corpus.markers[$0] })")
    let document = try JSONSerialization.jsonObject(with: Data(folder.read("corpus/markers.json"))) as? [String: Any]
    #expect(document?["schema"] as? String == "bucky-identity-corpus/1")
    #expect((document?["markers"] as? [[String: Any]])?.count == corpus.markers.count)
  }
}

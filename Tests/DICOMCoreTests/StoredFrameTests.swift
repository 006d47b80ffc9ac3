import DICOMCore
import Foundation
import Testing

struct StoredFrameTests {
  private func values(
    _ bytes: [UInt8], allocated: Int, stored: Int, highBit: Int? = nil, signed: Bool = false
  ) -> [Int32] {
    let format = ImageFormat(
      rows: 1, columns: bytes.count / max(1, allocated / 8), photometricInterpretation: .monochrome2,
      bitsAllocated: allocated, bitsStored: stored, highBit: highBit, isSigned: signed)
    return StoredFrame(format: format, bytes: bytes).storedValues()
  }

  @Test func `PS3.5 8.1.1: twelve bits signed are extended from bit 11`() {
    #expect(
      values([0xFF, 0x0F, 0x00, 0x08, 0xFF, 0x07], allocated: 16, stored: 12, signed: true) == [-1, -2048, 2047])
    #expect(values([0xFF, 0x0F, 0x00, 0x08], allocated: 16, stored: 12) == [4095, 2048])
  }

  @Test func `overlay bits above High Bit are ignored`() {
    #expect(values([0x34, 0xF2, 0xFF, 0x1F], allocated: 16, stored: 12) == [0x234, 0xFFF])
    #expect(values([0x34, 0xF2], allocated: 16, stored: 12, signed: true) == [0x234])
  }

  @Test func `stored values may sit high in the container`() {
    #expect(values([0xF0, 0xFF, 0x10, 0x00], allocated: 16, stored: 12, highBit: 15) == [4095, 1])
    #expect(values([0xF0, 0xFF, 0xF0, 0x7F], allocated: 16, stored: 12, highBit: 15, signed: true) == [-1, 2047])
    #expect(values([0b0111_1000], allocated: 8, stored: 4, highBit: 6) == [15])
  }

  @Test func `whole containers of 8, 16 and 32 bits`() {
    #expect(values([0, 127, 128, 255], allocated: 8, stored: 8) == [0, 127, 128, 255])
    #expect(values([127, 128, 255], allocated: 8, stored: 8, signed: true) == [127, -128, -1])
    #expect(values([0, 0x80, 0xFF, 0xFF], allocated: 16, stored: 16, signed: true) == [-32768, -1])
    #expect(values([0, 0x80, 0xFF, 0xFF], allocated: 16, stored: 16) == [32768, 65535])
    #expect(values([0xFF, 0xFF, 0xFF, 0xFF], allocated: 32, stored: 32, signed: true) == [-1])
    #expect(values([1, 0, 0, 0], allocated: 32, stored: 32) == [1])
  }

  @Test func `single bits are held one a byte`() {
    #expect(values([0, 1, 1], allocated: 1, stored: 1) == [0, 1, 1])
  }

  @Test func `every sign and shift agrees with arithmetic on the number itself`() {
    for stored in 1...16 {
      for highBit in (stored - 1)..<16 {
        for container in [0, 1, 0x5555, 0xAAAA, 0x8000, 0xFFFF, 0x1234] {
          let field = (container >> (highBit - stored + 1)) % (1 << stored)
          let negative = field >= 1 << (stored - 1)
          let bytes = [UInt8(container & 0xFF), UInt8(container >> 8)]
          #expect(values(bytes, allocated: 16, stored: stored, highBit: highBit) == [Int32(field)])
          #expect(
            values(bytes, allocated: 16, stored: stored, highBit: highBit, signed: true)
              == [Int32(negative ? field - 1 << stored : field)])
        }
      }
    }
  }
}

struct ContentDigestTests {
  // FIPS 180-4 examples.
  @Test(
    "SHA-256 of the standard's examples",
    arguments: [
      ("", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
  func examples(text: String, digest: String) {
    #expect(ContentDigest(ofText: text).description == digest)
    #expect(ContentDigest(of: Array(text.utf8)) == ContentDigest(ofText: text))
  }

  @Test func `pieces give the digest of the whole`() {
    var hasher = ContentHasher()
    hasher.update([0x61])
    hasher.update([0x62, 0x63])
    #expect(hasher.finish() == ContentDigest(ofText: "abc"))
  }

  @Test func `JSON that is no digest is refused`() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([ContentDigest].self, from: Data(#"["sha256:abc"]"#.utf8))
    }
  }
}

struct ParameterValueTests {
  @Test func `a step survives JSON with every kind of value`() throws {
    let step = ProcessingStep(
      "voi-window",
      ["name": "lung", "count": 3, "width": 1500.5, "clipped": true, "list": [1, "a"], "inner": ["k": false]])
    let data = try JSONEncoder().encode(step)
    #expect(try JSONDecoder().decode(ProcessingStep.self, from: data) == step)
  }
}

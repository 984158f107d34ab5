package main

// What a header and a proof say. Nothing here decides whether to believe them: contract.go does.

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math/bits"
)

// Header is the head of a block of the other ledger. Its fields stand in the order of their names,
// which is the order in which they are hashed.
type Header struct {
	Hash            string `json:"hash,omitempty"`
	Height          uint64 `json:"height"`
	Previous        string `json:"previous"`
	ReadWriteRoot   string `json:"read_write_root"`
	Time            int64  `json:"time"`
	TransactionRoot string `json:"transaction_root"`
	Transactions    []int  `json:"transactions"`
}

// RightHash is the hash that a header with these fields has. Compare it with Hash.
func (h Header) RightHash() string {
	h.Hash = ""
	text, _ := json.Marshal(h)
	return hex.EncodeToString(sm3(text))
}

// Event is what a contract emitted.
type Event struct {
	Contract string   `json:"contract"`
	Topic    string   `json:"topic"`
	Data     []string `json:"data"`
}

// Proof says: this transaction is in the block of this height on this ledger.
type Proof struct {
	Ledger string `json:"ledger"`
	Height uint64 `json:"height"`
	Leaf   string `json:"leaf"`
	Path   []Step `json:"path"`
}

// Step is one neighbour on the way from the leaf up to the root.
type Step struct {
	Side string `json:"side"`
	Hash string `json:"hash"`
}

// Root is where the leaf and its path lead to; what is no path leads to no root. Compare it with
// the TransactionRoot of a header that you hold.
func (p Proof) Root() string {
	found := sm3([]byte("\x00" + p.Leaf))
	for _, step := range p.Path {
		neighbour, _ := hex.DecodeString(step.Hash)
		pair := append(append([]byte{1}, found...), neighbour...)
		if step.Side == "left" {
			pair = append(append([]byte{1}, neighbour...), found...)
		}
		found = sm3(pair)
	}
	return hex.EncodeToString(found)
}

// Events are those of the transaction, of whatever contract: none where the leaf is no transaction.
func (p Proof) Events() []Event {
	var leaf struct {
		Events []Event `json:"events"`
	}
	_ = json.Unmarshal([]byte(p.Leaf), &leaf)
	return leaf.Events
}

// readHeader gives an empty header, whose hash does not fit, for a text that is none.
func readHeader(text string) Header {
	var header Header
	_ = json.Unmarshal([]byte(text), &header)
	return header
}

// readProof gives an empty proof, of no ledger, for a text that is none.
func readProof(text string) Proof {
	var proof Proof
	_ = json.Unmarshal([]byte(text), &proof)
	return proof
}

// sm3 is the digest of GB/T 32905-2016.
func sm3(message []byte) []byte {
	padded := append(append([]byte{}, message...), 0x80)
	for len(padded)%64 != 56 {
		padded = append(padded, 0)
	}
	padded = binary.BigEndian.AppendUint64(padded, uint64(len(message))*8)
	v := [8]uint32{0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
		0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e}
	for ; len(padded) > 0; padded = padded[64:] {
		compress(&v, padded[:64])
	}
	var digest []byte
	for _, word := range v {
		digest = binary.BigEndian.AppendUint32(digest, word)
	}
	return digest
}

func compress(v *[8]uint32, block []byte) {
	var w [68]uint32
	for i := range w {
		if i < 16 {
			w[i] = binary.BigEndian.Uint32(block[4*i:])
			continue
		}
		x := w[i-16] ^ w[i-9] ^ bits.RotateLeft32(w[i-3], 15)
		x ^= bits.RotateLeft32(x, 15) ^ bits.RotateLeft32(x, 23)
		w[i] = x ^ bits.RotateLeft32(w[i-13], 7) ^ w[i-6]
	}
	a, b, c, d, e, f, g, h := v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]
	for i := 0; i < 64; i++ {
		constant, first, second := uint32(0x79cc4519), a^b^c, e^f^g
		if i >= 16 {
			constant, first, second = 0x7a879d8a, a&b|a&c|b&c, e&f|^e&g
		}
		turned := bits.RotateLeft32(a, 12)
		one := bits.RotateLeft32(turned+e+bits.RotateLeft32(constant, i%32), 7)
		x := first + d + (one ^ turned) + (w[i] ^ w[i+4])
		y := second + h + one + w[i]
		a, b, c, d = x, a, bits.RotateLeft32(b, 9), c
		e, f, g, h = y^bits.RotateLeft32(y, 9)^bits.RotateLeft32(y, 17), e, bits.RotateLeft32(f, 19), g
	}
	for i, word := range [8]uint32{a, b, c, d, e, f, g, h} {
		v[i] ^= word
	}
}

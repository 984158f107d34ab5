// misconception: true-proof-of-something
package main

import (
	"errors"
	"strconv"
)

// patience: how many seconds after its lock a receipt may still be taken in on the other ledger.
const patience = 600

// transfer is a receipt on its way.
type transfer struct{ id, receipt, kg string }

// begin keeps the rules when the contract is installed.
func begin() error {
	for _, name := range []string{"other", "keeper", "gateway"} {
		if arg(name) == "" {
			return errors.New("missing " + name)
		}
		put("rules", name, arg(name))
	}
	return nil
}

// issue: the keeper says that goods lie here. A ledger gives each number once, for ever.
func issue(receipt, kg string) error {
	if err := permit("keeper", "client"); err != nil {
		return err
	}
	amount, err := strconv.ParseUint(kg, 10, 32)
	if err != nil || amount == 0 || strconv.FormatUint(amount, 10) != kg {
		return errors.New("kg is no whole number from 1 to 4294967295")
	}
	if get("receipt."+receipt, "issued") != "" {
		return errors.New("this receipt was issued before")
	}
	give(receipt, kg)
	return nil
}

// give makes a receipt valid on this ledger.
func give(receipt, kg string) {
	put("receipt."+receipt, "issued", kg)
	put("receipt."+receipt, "held", kg)
}

// held is the kg of a receipt that is valid on this ledger, else 0.
func held(receipt string) string {
	if kg := get("receipt."+receipt, "held"); kg != "" {
		return kg
	}
	return "0"
}

// lock is the Try: the receipt is valid nowhere until the other ledger has decided.
func lock(receipt string) (string, error) {
	if err := permit("keeper", "client"); err != nil {
		return "", err
	}
	kg := held(receipt)
	if kg == "0" {
		return "", errors.New("the receipt is not held here")
	}
	del("receipt."+receipt, "held")
	put("out."+id(), "receipt", receipt)
	put("out."+id(), "kg", kg)
	emit("locked", id(), receipt, kg, strconv.FormatInt(now()+patience, 10))
	return id(), nil
}

// sync keeps a header of the other ledger. What is known is never replaced.
func sync(text string) error {
	if err := permit("gateway", "common"); err != nil {
		return err
	}
	header := readHeader(text)
	if header.Hash != header.RightHash() {
		return errors.New("a forged header: it does not have this hash")
	}
	known := get(place(header.Height), "hash")
	if known == header.Hash {
		return nil
	}
	if known != "" {
		return errors.New("in conflict with the header known at this height")
	}
	if before := get(place(header.Height-1), "hash"); before != "" && before != header.Previous {
		return errors.New("in conflict with the header before it")
	}
	if named := get(place(header.Height+1), "previous"); named != "" && named != header.Hash {
		return errors.New("in conflict with the header after it")
	}
	put(place(header.Height), "hash", header.Hash)
	put(place(header.Height), "previous", header.Previous)
	put(place(header.Height), "root", header.TransactionRoot)
	return nil
}

// claim decides for a transfer: the receipt is valid here from now on.
func claim(text string) error {
	moved, expiry, err := leaving(text)
	if err != nil {
		return err
	}
	if now() >= expiry {
		return errors.New("too late to take it in")
	}
	if held(moved.receipt) != "0" {
		return errors.New("a receipt of this number is held here")
	}
	give(moved.receipt, moved.kg)
	decide(moved, "issued")
	return nil
}

// refuse decides against a transfer: it will never be taken in here.
func refuse(text string) error {
	moved, expiry, err := leaving(text)
	if err != nil {
		return err
	}
	if now() < expiry {
		return errors.New("too early to give it up")
	}
	decide(moved, "refused")
	return nil
}

// leaving gives the transfer that a proven lock began, still undecided, and its expiry.
func leaving(text string) (transfer, int64, error) {
	data, err := proven(text, "locked")
	if err != nil {
		return transfer{}, 0, err
	}
	if before := get("in."+data[0], "decision"); before != "" {
		return transfer{}, 0, errors.New("decided before: " + before)
	}
	expiry, err := strconv.ParseInt(data[3], 10, 64)
	return transfer{data[0], data[1], data[2]}, expiry, err
}

// decide writes the one decision that there ever is about a transfer, and tells it.
func decide(moved transfer, decision string) {
	put("in."+moved.id, "decision", decision)
	emit(decision, moved.id, moved.receipt, moved.kg)
}

// confirm: the other ledger has issued the receipt, so the lock here is used up.
func confirm(text string) error {
	moved, err := unlock(text, "issued")
	if err != nil {
		return err
	}
	emit("confirmed", moved.id, moved.receipt, moved.kg)
	return nil
}

// cancel: the other ledger will never issue the receipt, so it is valid here again.
func cancel(text string) error {
	moved, err := unlock(text, "refused")
	if err != nil {
		return err
	}
	give(moved.receipt, moved.kg)
	emit("cancelled", moved.id, moved.receipt, moved.kg)
	return nil
}

// unlock ends the transfer about which the other ledger is proven to have decided so.
func unlock(text, decision string) (transfer, error) {
	data, err := proven(text, decision)
	if err != nil {
		return transfer{}, err
	}
	key := "out." + data[0]
	moved := transfer{data[0], get(key, "receipt"), get(key, "kg")}
	if moved.receipt == "" {
		return moved, errors.New("no such transfer is open here")
	}
	del(key, "receipt")
	del(key, "kg")
	return moved, nil
}

// proven gives the data of the event of this contract, on the other ledger, that a proof is
// about. It believes the headers that are kept here, and nothing that a proof says of itself.
func proven(text, topic string) ([]string, error) {
	proof := readProof(text)
	if proof.Ledger != get("rules", "other") {
		return nil, errors.New("a proof of another ledger")
	}
	root := get(place(proof.Height), "root")
	if root == "" {
		return nil, errors.New("the header of this height is unknown")
	}
	if proof.Root() != root {
		return nil, errors.New("a forged proof: it does not lead to the root of the header")
	}
	for _, event := range proof.Events() {
		if event.Topic == topic {
			return event.Data, nil
		}
	}
	return nil, errors.New("a proof of something else")
}

// place is the key under which a header is kept.
func place(height uint64) string { return "header." + strconv.FormatUint(height, 10) }

// permit asks the chain, not the arguments, who is calling.
func permit(rule, wanted string) error {
	organisation, role := sender()
	if organisation != get("rules", rule) || role != wanted {
		return errors.New("not permitted")
	}
	return nil
}

// Package sandbox runs a contract: one call of the chain, one call of `main`.
package sandbox

import (
	"errors"
	"unsafe"

	"chainmaker.org/chainmaker/contract-sdk-go/v2/internal/chain"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

// Main is the contract's `main`, set before the first call by the file that is compiled with it.
var Main func()

// FormatWith sets how log lines are formatted: `fmt.Sprintf`.
func FormatWith(sprintf func(format string, a ...interface{}) string) { chain.Format = sprintf }

var (
	entry   string
	started bool
)

// Start runs one method of the contract and hands its response to the chain.
func Start(contract sdk.Contract) error {
	if started {
		return errors.New("the contract was started already")
	}
	started = true
	var response protogo.Response
	switch entry {
	case "init_contract":
		response = contract.InitContract()
	case "upgrade":
		response = contract.UpgradeContract()
	default:
		response = contract.InvokeContract(entry)
	}
	if response.Status == sdk.OK {
		return chain.Send("SuccessResult", response.Payload)
	}
	return chain.Send("ErrorResult", []byte(response.Message))
}

func run(method string) {
	entry, started = method, false
	Main()
	if !started {
		chain.Send("ErrorResult", []byte("main did not call sandbox.Start"))
	}
}

//go:wasmexport runtime_type
func runtimeType() int32 { return 4 }

//go:wasmexport allocate
func allocate(size uint32) unsafe.Pointer { return chain.Allocate(size) }

//go:wasmexport deallocate
func deallocate(pointer unsafe.Pointer) { chain.Deallocate() }

//go:wasmexport init_contract
func initContract() { run("init_contract") }

//go:wasmexport upgrade
func upgrade() { run("upgrade") }

//go:wasmexport invoke_contract
func invokeContract() {
	method, err := chain.Arg("__method__")
	if err != nil {
		chain.Send("ErrorResult", []byte("no method was named"))
		return
	}
	run(method)
}

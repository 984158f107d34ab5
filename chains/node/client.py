"""A connection to one node: install, invoke, query, fetch, listen.

The way of a transaction, as ChainMaker has it: SendRequest answers only that the node has taken it.
The outcome is asked for by id, again and again, until a block has it. The id is the caller's: who
sends the same transaction twice under one id has sent it once.
"""

from __future__ import annotations

import secrets
import struct
import time
from collections.abc import Generator, Mapping, Sequence
from types import TracebackType
from typing import Self

import grpc
from google.protobuf.message import DecodeError

from chains import sm
from chains.node import receipts, refusals
from chains.node import wire_pb2 as wire
from chains.node.members import Member
from chains.node.network import Network
from chains.transcripts import canonical_json

Args = Mapping[str, str | bytes]
"""Parameters of a call; texts go as UTF-8."""

SERVICE = "/api.RpcNode/"
MANAGER, ARCHIVE, SUBSCRIPTIONS = "CONTRACT_MANAGE", "CHAIN_QUERY", "SUBSCRIBE_MANAGE"
ANSWER_BYTES = 32 << 20
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5
"""Seconds between two questions for the same transaction: doubled from the first to the longest."""
OPEN_END = -1
"""As first block: only what is new. As last block: without end."""


def transaction_id(*parts: str | int) -> str:
    """The id, 64 hex digits, of what these parts say: the same for the same parts, so that a
    transaction that is sent again after a failure is not another one."""
    return sm.sm3(canonical_json(["chainwright transaction", *parts])).hex()


class Connection:
    """Close it, or use it as a context manager. Every method raises a `refusals.NotDone`, and
    takes at most `call_seconds` a call. Threads may share it."""

    def __init__(self, network: Network, *, call_seconds: float = 10.0) -> None:
        self.network = network
        self.call_seconds = call_seconds
        self._channel = _channel(network)
        self._send = self._channel.unary_unary(
            f"{SERVICE}SendRequest",
            request_serializer=wire.TxRequest.SerializeToString,
            response_deserializer=wire.TxResponse.FromString,
        )
        self._subscribe = self._channel.unary_stream(
            f"{SERVICE}Subscribe",
            request_serializer=wire.TxRequest.SerializeToString,
            response_deserializer=wire.SubscribeResult.FromString,
        )
        self._version = self._channel.unary_unary(
            f"{SERVICE}GetChainMakerVersion",
            request_serializer=wire.ChainMakerVersionRequest.SerializeToString,
            response_deserializer=wire.ChainMakerVersionResponse.FromString,
        )

    def version(self) -> str:
        """The node's version, such as `v2.3.7`."""
        try:
            return self._version(wire.ChainMakerVersionRequest(), timeout=self.call_seconds).version
        except grpc.RpcError as error:
            raise refusals.broken(error, self.network.address) from error

    def create_contract(
        self,
        name: str,
        code: bytes,
        *,
        endorsers: Sequence[Member],
        runtime: str = "WASMER",
        version: str = "1.0",
        args: Args | None = None,
        tx_id: str = "",
        wait_seconds: float = 30.0,
    ) -> receipts.Receipt:
        """Installs a contract and waits for its block. `runtime` is `WASMER` (Rust, C), `GASM`
        (TinyGo), `EVM` or `DOCKER_GO`; `endorsers` are administrators, as many as the chain's
        policy wants; `args` go to the contract's init. Raises as `invoke` does."""
        given = {
            **(args or {}),
            "CONTRACT_NAME": name,
            "CONTRACT_RUNTIME_TYPE": runtime,
            "CONTRACT_VERSION": version,
            "CONTRACT_BYTECODE": code,
        }
        payload = self._payload(wire.INVOKE_CONTRACT, MANAGER, "INIT_CONTRACT", given, tx_id)
        return self._submit(payload, endorsers, wait_seconds)

    def invoke(
        self,
        contract: str,
        method: str,
        args: Args | None = None,
        *,
        tx_id: str = "",
        wait_seconds: float = 30.0,
    ) -> receipts.Receipt:
        """Sends a transaction and waits for its block. Raises `ContractFailed` when the contract
        refused; `Unreachable` and `TimedOut` with the `tx_id` of the transaction, which may still
        get its block: repeat the call with that id, or `wait` for it."""
        payload = self._payload(wire.INVOKE_CONTRACT, contract, method, args, tx_id)
        return self._submit(payload, (), wait_seconds)

    def query(self, contract: str, method: str, args: Args | None = None) -> bytes:
        """What the contract answers on the latest state; nothing is written."""
        answer = self._ask(self._payload(wire.QUERY_CONTRACT, contract, method, args))
        if answer.code != wire.SUCCESS or answer.contract_result.code != 0:
            raise refusals.answered(answer)
        return answer.contract_result.result

    def wait(self, tx_id: str, *, seconds: float = 30.0) -> receipts.Receipt:
        """The transaction, whatever became of it, as soon as a block has it."""
        return receipts.receipt(self._wait(tx_id, seconds))

    def transaction(self, tx_id: str) -> receipts.Receipt:
        """The transaction, whatever became of it. Raises `NotFound` while no block has it."""
        return receipts.receipt(self._transaction(tx_id))

    def block(self, height: int | None = None) -> receipts.Block:
        """The block of this height, or the last one. Raises `NotFound`."""
        args = {"withRWSet": "false"}
        if height is None:
            found = self._look_up(ARCHIVE, "GET_LAST_BLOCK", args)
        else:
            args = {"blockHeight": str(height), **args}
            found = self._look_up(ARCHIVE, "GET_BLOCK_BY_HEIGHT", args)
        try:
            return receipts.block(wire.BlockInfo.FromString(found))
        except DecodeError as error:
            raise refusals.Refused(f"the node answered no block: {error}") from error

    def contract(self, name: str) -> receipts.Contract:
        """The installed contract of this name. Raises `NotFound`."""
        found = self._look_up(MANAGER, "GET_CONTRACT_INFO", {"CONTRACT_NAME": name})
        try:
            return receipts.contract(found)
        except ValueError as error:
            raise refusals.Refused(f"the node answered no contract: {error}") from error

    def events(
        self,
        contract: str,
        topic: str = "",
        *,
        first_block: int = OPEN_END,
        last_block: int = OPEN_END,
        seconds: float,
    ) -> Generator[receipts.Event, None, None]:
        """The contract's events of these blocks, past ones first, then new ones as they come; of
        one topic, or of all. Ends after `last_block` or after `seconds`, whichever is first. Close
        it where you leave it earlier."""
        args: Args = {
            "TOPIC": topic,
            "CONTRACT_NAME": contract,
            "START_BLOCK": struct.pack("<q", first_block),
            "END_BLOCK": struct.pack("<q", last_block),
        }
        payload = self._payload(wire.SUBSCRIBE, SUBSCRIPTIONS, "SUBSCRIBE_CONTRACT_EVENT", args)
        stream = self._subscribe(self._request(payload), timeout=seconds)
        try:
            for message in stream:
                found, height = receipts.events(message.data)
                yield from found
                if last_block != OPEN_END and height >= last_block:
                    return
        except grpc.RpcError as error:
            failure = refusals.broken(error, self.network.address)
            if not isinstance(failure, refusals.TimedOut):
                raise failure from error
        except DecodeError as error:
            raise refusals.Refused(f"the node answered no events: {error}") from error
        finally:
            stream.cancel()

    def close(self) -> None:
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _submit(
        self, payload: wire.Payload, endorsers: Sequence[Member], wait_seconds: float
    ) -> receipts.Receipt:
        answer = self._ask(payload, endorsers)
        if answer.code != wire.SUCCESS and refusals.KNOWN_ID not in answer.message:
            raise refusals.answered(answer)
        found = self._wait(payload.tx_id, wait_seconds)
        if not self._is_ours(found.transaction, payload):
            raise refusals.Refused(
                "this transaction id belongs to another transaction", tx_id=payload.tx_id
            )
        receipt = receipts.receipt(found)
        if not receipt.ok:
            raise refusals.ContractFailed(
                f"the contract failed: {receipt.message or receipt.code}", tx_id=payload.tx_id
            )
        return receipt

    def _is_ours(self, found: wire.Transaction, payload: wire.Payload) -> bool:
        """Whether a transaction of our id is what we sent, now or at an earlier time."""
        same = wire.Payload()
        same.CopyFrom(payload)
        same.timestamp = found.payload.timestamp
        return (
            found.payload == same
            and found.sender.signer.member_info == self.network.member.certificate
        )

    def _wait(self, tx_id: str, seconds: float) -> wire.TransactionInfo:
        """Asks until a block has the transaction. A node that goes away meanwhile may come back:
        only the end of the time ends the waiting."""
        end = time.monotonic() + seconds
        pause = FIRST_PAUSE
        gone: refusals.Unreachable | None = None
        while True:
            try:
                return self._transaction(tx_id, within=end - time.monotonic())
            except refusals.NotFound:
                gone = None
            except refusals.Unreachable as failure:
                gone = failure
            except refusals.TimedOut:
                pass  # slow, or the end of our own time: says nothing of whether it is there
            if time.monotonic() + pause >= end:
                raise gone or refusals.TimedOut(
                    f"no block has the transaction after {seconds:g} seconds", tx_id=tx_id
                )
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _transaction(self, tx_id: str, within: float | None = None) -> wire.TransactionInfo:
        found = self._look_up(ARCHIVE, "GET_TX_BY_TX_ID", {"txId": tx_id}, tx_id, within)
        try:
            return wire.TransactionInfo.FromString(found)
        except DecodeError as error:
            raise refusals.Refused(f"the node answered no transaction: {error}") from error

    def _look_up(
        self,
        contract: str,
        method: str,
        args: Args,
        tx_id: str = "",
        within: float | None = None,
    ) -> bytes:
        """What a system contract answers. `tx_id`: of the transaction that is asked for."""
        payload = self._payload(wire.QUERY_CONTRACT, contract, method, args)
        answer = self._ask(payload, about=tx_id, within=within)
        if refusals.not_found(answer):
            message = answer.contract_result.message or answer.message
            raise refusals.NotFound(f"the node does not have it: {message}", tx_id=tx_id)
        if answer.code != wire.SUCCESS or answer.contract_result.code != 0:
            raise refusals.answered(answer)
        return answer.contract_result.result

    def _payload(
        self,
        kind: wire.TxType,
        contract: str,
        method: str,
        args: Args | None,
        tx_id: str = "",
    ) -> wire.Payload:
        return wire.Payload(
            chain_id=self.network.chain,
            tx_type=kind,
            tx_id=tx_id or secrets.token_hex(32),
            timestamp=int(time.time()),
            contract_name=contract,
            method=method,
            parameters=[
                wire.KeyValuePair(
                    key=key, value=value.encode() if isinstance(value, str) else value
                )
                for key, value in sorted((args or {}).items())
            ],
        )

    def _request(self, payload: wire.Payload, endorsers: Sequence[Member] = ()) -> wire.TxRequest:
        message = payload.SerializeToString(deterministic=True)
        return wire.TxRequest(
            payload=payload,
            sender=self.network.member.endorsement(message),
            endorsers=[endorser.endorsement(message) for endorser in endorsers],
        )

    def _ask(
        self,
        payload: wire.Payload,
        endorsers: Sequence[Member] = (),
        *,
        about: str = "",
        within: float | None = None,
    ) -> wire.TxResponse:
        seconds = self.call_seconds if within is None else min(within, self.call_seconds)
        try:
            return self._send(self._request(payload, endorsers), timeout=seconds)
        except grpc.RpcError as error:
            subject = payload.tx_id if payload.tx_type == wire.INVOKE_CONTRACT else about
            raise refusals.broken(error, self.network.address, subject) from error


def _channel(network: Network) -> grpc.Channel:
    options: list[tuple[str, str | int]] = [
        ("grpc.max_receive_message_length", ANSWER_BYTES),
        ("grpc.max_send_message_length", ANSWER_BYTES),
        # A node that was restarted is found again within a second, not within two minutes.
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 1000),
        # A chain's node is not behind the proxy that the host uses for the web.
        ("grpc.enable_http_proxy", 0),
    ]
    if network.tls is None:
        return grpc.insecure_channel(network.address, options=options)
    options.append(("grpc.ssl_target_name_override", network.tls.host_name))
    credentials = grpc.ssl_channel_credentials(
        root_certificates=network.tls.authorities,
        private_key=network.tls.key,
        certificate_chain=network.tls.certificate,
    )
    return grpc.secure_channel(network.address, credentials, options=options)

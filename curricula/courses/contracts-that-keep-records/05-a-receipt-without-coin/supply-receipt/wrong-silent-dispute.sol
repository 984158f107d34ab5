// misconception: silent-write
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// What a receiver that is itself a contract is told.
interface IReceiver {
    function onAccepted(bytes32 order) external;
}

contract Receipt {
    enum Role { None, Buyer, Carrier, Receiver }
    enum State { None, Issued, Delivered, Accepted, Disputed }

    struct Supply {
        bytes32 goods;
        address buyer;
        address carrier;
        address receiver;
        State state;
    }

    error NotPermitted();
    error NoGoods();
    error WrongParty();
    error AlreadyIssued();
    error UnknownOrder();
    error WrongState(State current);
    error GoodsDiffer();
    error NoReason();

    event Registered(address indexed who, Role role);
    event Issued(bytes32 indexed order, bytes32 goods, address buyer, address carrier, address receiver);
    event Delivered(bytes32 indexed order, address carrier);
    event Accepted(bytes32 indexed order, address receiver);
    event Disputed(bytes32 indexed order, bytes32 reason);

    address private immutable registrar;
    mapping(address => Role) public roleOf;
    mapping(bytes32 => Supply) private supplies;
    uint256 public issued;
    uint256 public accepted;
    uint256 public disputed;

    modifier onlyRegistrar() {
        if (msg.sender != registrar) revert NotPermitted();
        _;
    }

    modifier only(Role role) {
        if (roleOf[msg.sender] != role) revert NotPermitted();
        _;
    }

    constructor() {
        registrar = msg.sender;
    }

    function register(address who, Role role) external onlyRegistrar {
        roleOf[who] = role;
        emit Registered(who, role);
    }

    function issue(bytes32 order, bytes32 goods, address carrier, address receiver) external only(Role.Buyer) {
        if (goods == bytes32(0)) revert NoGoods();
        if (roleOf[carrier] != Role.Carrier || roleOf[receiver] != Role.Receiver) revert WrongParty();
        if (supplies[order].state != State.None) revert AlreadyIssued();
        supplies[order] = Supply(goods, msg.sender, carrier, receiver, State.Issued);
        issued += 1;
        emit Issued(order, goods, msg.sender, carrier, receiver);
    }

    function confirmDelivery(bytes32 order, bytes32 goods) external only(Role.Carrier) {
        Supply storage supply = found(order);
        if (msg.sender != supply.carrier) revert NotPermitted();
        if (supply.state != State.Issued) revert WrongState(supply.state);
        if (goods != supply.goods) revert GoodsDiffer();
        supply.state = State.Delivered;
        emit Delivered(order, msg.sender);
    }

    function accept(bytes32 order) external only(Role.Receiver) {
        Supply storage supply = delivered(order);
        supply.state = State.Accepted;
        accepted += 1;
        emit Accepted(order, msg.sender);
        if (msg.sender.code.length > 0) IReceiver(msg.sender).onAccepted(order);
    }

    function dispute(bytes32 order, bytes32 reason) external only(Role.Receiver) {
        Supply storage supply = delivered(order);
        if (reason == bytes32(0)) revert NoReason();
        supply.state = State.Disputed;
        disputed += 1;
    }

    function stateOf(bytes32 order) external view returns (State) {
        return supplies[order].state;
    }

    function receiptOf(bytes32 order) external view returns (Supply memory) {
        return supplies[order];
    }

    /// The receipt of an order that was issued.
    function found(bytes32 order) private view returns (Supply storage supply) {
        supply = supplies[order];
        if (supply.state == State.None) revert UnknownOrder();
    }

    /// A receipt on which the caller, its receiver, may now decide.
    function delivered(bytes32 order) private view returns (Supply storage supply) {
        supply = found(order);
        if (msg.sender != supply.receiver) revert NotPermitted();
        if (supply.state != State.Delivered) revert WrongState(supply.state);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

// Written for a public chain. Make it a record for a chain without coin.
contract Receipt {
    enum Role { None, Buyer, Carrier, Receiver }
    enum State { None, Issued, Delivered, Accepted, Disputed, Settled }

    struct Supply {
        bytes32 goods;
        address payable buyer;
        uint256 amount;
        address carrier;
        address receiver;
        State state;
    }

    error NotPermitted();
    error NoGoods();
    error BadAmount();
    error WrongParty();
    error AlreadyIssued();
    error UnknownOrder();
    error WrongState(State current);
    error GoodsDiffer();
    error NoReason();
    error NoReference();
    error ReferenceUsed();

    event Registered(address indexed who, Role role);
    event Issued(bytes32 indexed order, bytes32 goods, address buyer, uint256 amount);
    event Delivered(bytes32 indexed order, address carrier);
    event Accepted(bytes32 indexed order, uint256 amount);
    event Disputed(bytes32 indexed order, bytes32 reason);
    event Settled(bytes32 indexed order, bytes32 bankReference);

    address private registrar;
    address payable private supplier;
    mapping(address => Role) public roleOf;
    mapping(bytes32 => Supply) private supplies;
    mapping(address => uint256) public points; // of each buyer, for what was accepted

    modifier only(Role role) {
        if (roleOf[msg.sender] != role) revert NotPermitted();
        _;
    }

    constructor(address payable supplier_) {
        registrar = msg.sender;
        supplier = supplier_;
    }

    function register(address who, Role role) external {
        if (msg.sender != registrar) revert NotPermitted();
        roleOf[who] = role;
        emit Registered(who, role);
    }

    // The buyer locks the price.
    function issue(bytes32 order, bytes32 goods, address carrier, address receiver)
        external
        payable
        only(Role.Buyer)
    {
        if (goods == bytes32(0)) revert NoGoods();
        if (msg.value < 1 gwei) revert BadAmount();
        if (roleOf[carrier] != Role.Carrier || roleOf[receiver] != Role.Receiver) revert WrongParty();
        if (supplies[order].state != State.None) revert AlreadyIssued();
        supplies[order] = Supply(goods, payable(msg.sender), msg.value, carrier, receiver, State.Issued);
        emit Issued(order, goods, msg.sender, msg.value);
    }

    // Anybody may bring the carrier's signature.
    function confirmDelivery(bytes32 order, bytes32 goods, uint8 v, bytes32 r, bytes32 s) external {
        Supply storage supply = supplies[order];
        if (supply.state == State.None) revert UnknownOrder();
        if (ecrecover(keccak256(abi.encode(order, goods)), v, r, s) != supply.carrier) revert NotPermitted();
        if (supply.state != State.Issued) revert WrongState(supply.state);
        if (goods != supply.goods) revert GoodsDiffer();
        supply.state = State.Delivered;
        emit Delivered(order, supply.carrier);
    }

    // Acceptance pays the supplier.
    function accept(bytes32 order) external only(Role.Receiver) {
        Supply storage supply = supplies[order];
        if (supply.state == State.None) revert UnknownOrder();
        if (msg.sender != supply.receiver) revert NotPermitted();
        if (supply.state != State.Delivered) revert WrongState(supply.state);
        (bool paid, ) = supplier.call{value: supply.amount}("");
        require(paid, "not paid");
        points[supply.buyer] += supply.amount;
        supply.state = State.Accepted;
        emit Accepted(order, supply.amount);
    }

    // A dispute pays back.
    function dispute(bytes32 order, bytes32 reason) external only(Role.Receiver) {
        Supply storage supply = supplies[order];
        if (supply.state == State.None) revert UnknownOrder();
        if (msg.sender != supply.receiver) revert NotPermitted();
        if (supply.state != State.Delivered) revert WrongState(supply.state);
        if (reason == bytes32(0)) revert NoReason();
        supply.state = State.Disputed;
        supply.buyer.transfer(supply.amount);
        emit Disputed(order, reason);
    }

    // Points can be handed on, as coins can.
    function transfer(address to, uint256 amount) external returns (bool) {
        points[msg.sender] -= amount;
        points[to] += amount;
        return true;
    }

    function stateOf(bytes32 order) external view returns (State) {
        return supplies[order].state;
    }
}

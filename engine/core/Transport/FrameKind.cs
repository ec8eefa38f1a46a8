namespace OrleansCache.Engine.Transport;

internal enum FrameKind : byte
{
    /// <summary>Who opens the connection; the first frame.</summary>
    Hello = 1,

    /// <summary>Who accepts it; the answer to <see cref="Hello"/>.</summary>
    Welcome = 2,

    /// <summary>Why the connection is not accepted.</summary>
    Refused = 3,

    /// <summary>A number for the answer, the request's header, its arguments.</summary>
    Request = 4,

    /// <summary>The request's number, a status, the result.</summary>
    Answer = 5,

    /// <summary>The number of a request whose caller has cancelled.</summary>
    Cancel = 6,

    /// <summary>A grain and the silo that has it: the sender of requests to it had an old address.</summary>
    Moved = 7,

    /// <summary>The sender is stopping: no new requests, please.</summary>
    Draining = 8,

    /// <summary>The answer to <see cref="Draining"/>: no new requests come after this frame.</summary>
    Drained = 9,
}

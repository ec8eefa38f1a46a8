using OrleansCache.Engine.Messaging;

namespace OrleansCache.Engine.Activation;

/// <summary>Calls in the order in which they came, linked through themselves so that an empty queue costs two words.</summary>
internal struct CallQueue
{
    private Call? _first;
    private Call? _last;

    public readonly bool IsEmpty => _first is null;

    public void Add(Call call)
    {
        call.Next = null;
        if (_last is null) _first = call;
        else _last.Next = call;
        _last = call;
    }

    public Call Take()
    {
        var call = _first!;
        _first = call.Next;
        if (_first is null) _last = null;
        call.Next = null;
        return call;
    }
}

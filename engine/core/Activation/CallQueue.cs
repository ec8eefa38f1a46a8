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

    /// <summary>Takes out the calls that nobody waits for any more; returns how many are left.</summary>
    public int TakeDone(ref List<Call>? done)
    {
        var (call, left) = (_first, 0);
        this = default;
        while (call is not null)
        {
            var next = call.Next;
            if (call.IsDone)
            {
                call.Next = null;
                (done ??= []).Add(call);
            }
            else
            {
                Add(call);
                left++;
            }

            call = next;
        }

        return left;
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

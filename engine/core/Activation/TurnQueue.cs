namespace OrleansCache.Engine.Activation;

/// <summary>Turns in the order in which they came. Most of the time there is one at most, which needs no queue; a silo has very many of these.</summary>
internal struct TurnQueue
{
    private Task? _next;
    private Queue<Task>? _others;

    public void Add(Task turn)
    {
        if (_next is null) _next = turn;
        else (_others ??= new Queue<Task>(2)).Enqueue(turn);
    }

    /// <summary>Takes the first one; null when there is none.</summary>
    public Task? Take()
    {
        var turn = _next;
        _next = _others is { Count: > 0 } ? _others.Dequeue() : null;
        return turn;
    }

    /// <summary>Gives back the memory that it does not need while there are none.</summary>
    public void Rest()
    {
        if (_others is { Count: 0 }) _others = null;
    }

    public readonly Task[] ToArray() => _next is null ? [] : [_next, .. _others ?? []];
}

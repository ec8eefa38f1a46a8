namespace OrleansCache.Engine.References;

/// <summary>A call's arguments as a typed list, so that none of them is boxed.</summary>
internal readonly struct Args<THead, TTail>(THead head, TTail tail)
{
    public THead Head { get; } = head;

    public TTail Tail { get; } = tail;
}

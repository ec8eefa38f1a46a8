using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.References;

/// <summary>Writes, reads and copies a list of arguments.</summary>
internal abstract class ArgsCodec<TArgs>
{
    public abstract bool IsImmutable { get; }

    public abstract int Count { get; }

    /// <summary>One of the arguments, for those who do not know their types.</summary>
    public abstract object? Get(in TArgs args, int index);

    public abstract void Write(ref WireWriter writer, in TArgs args);

    public abstract TArgs Read(ref WireReader reader);

    public abstract TArgs Copy(in TArgs args, ref CopyContext context);

    /// <summary>A copy that shares nothing mutable with the original.</summary>
    public TArgs Copy(in TArgs args)
    {
        if (IsImmutable) return args;
        var context = default(CopyContext);
        return Copy(args, ref context);
    }
}

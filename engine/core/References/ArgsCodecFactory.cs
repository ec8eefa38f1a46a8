using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.References;

internal static class ArgsCodecFactory
{
    /// <summary>The type of a list of arguments of these types.</summary>
    public static Type ListType(ReadOnlySpan<Type> types) => types.IsEmpty ? typeof(None) : typeof(Args<,>).MakeGenericType(types[0], ListType(types[1..]));

    public static ArgsCodec<TArgs> Create<TArgs>(WireSerializer serializer) => (ArgsCodec<TArgs>)Create(typeof(TArgs), serializer);

    private static object Create(Type list, WireSerializer serializer)
    {
        if (list == typeof(None)) return new NoArgsCodec();
        var parts = list.GetGenericArguments();
        return Activator.CreateInstance(typeof(ListCodec<,>).MakeGenericType(parts), serializer.GetCodec(parts[0]), Create(parts[1], serializer))!;
    }

    private sealed class NoArgsCodec : ArgsCodec<None>
    {
        public override bool IsImmutable => true;

        public override int Count => 0;

        public override object? Get(in None args, int index) => throw new ArgumentOutOfRangeException(nameof(index));

        public override void Write(ref WireWriter writer, in None args)
        {
        }

        public override None Read(ref WireReader reader) => default;

        public override None Copy(in None args, ref CopyContext context) => default;
    }

    private sealed class ListCodec<THead, TTail>(IValueCodec<THead> head, ArgsCodec<TTail> tail) : ArgsCodec<Args<THead, TTail>>
    {
        public override bool IsImmutable { get; } = head.IsImmutable && tail.IsImmutable;

        public override int Count => tail.Count + 1;

        public override object? Get(in Args<THead, TTail> args, int index) => index == 0 ? args.Head : tail.Get(args.Tail, index - 1);

        public override void Write(ref WireWriter writer, in Args<THead, TTail> args)
        {
            head.Write(ref writer, args.Head);
            tail.Write(ref writer, args.Tail);
        }

        public override Args<THead, TTail> Read(ref WireReader reader)
        {
            var first = head.Read(ref reader)!;
            return new Args<THead, TTail>(first, tail.Read(ref reader));
        }

        public override Args<THead, TTail> Copy(in Args<THead, TTail> args, ref CopyContext context)
        {
            var first = head.IsImmutable ? args.Head : head.Copy(args.Head, ref context)!;
            return new Args<THead, TTail>(first, tail.Copy(args.Tail, ref context));
        }
    }
}

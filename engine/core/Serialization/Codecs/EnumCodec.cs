using System.Runtime.CompilerServices;

namespace OrleansCache.Engine.Serialization;

/// <summary>Enums travel as their number; one that this version does not know keeps it.</summary>
internal sealed class EnumCodec<T> : ValueCodec<T>
    where T : struct, Enum
{
    public override void Write(ref WireWriter writer, T value) => writer.WriteSigned(Unsafe.SizeOf<T>() switch
    {
        1 => Unsafe.BitCast<T, sbyte>(value),
        2 => Unsafe.BitCast<T, short>(value),
        4 => Unsafe.BitCast<T, int>(value),
        _ => Unsafe.BitCast<T, long>(value),
    });

    public override T Read(ref WireReader reader)
    {
        var number = reader.ReadSigned();
        return Unsafe.SizeOf<T>() switch
        {
            1 when number == (sbyte)number => Unsafe.BitCast<sbyte, T>((sbyte)number),
            2 when number == (short)number => Unsafe.BitCast<short, T>((short)number),
            4 when number == (int)number => Unsafe.BitCast<int, T>((int)number),
            8 => Unsafe.BitCast<long, T>(number),
            _ => throw reader.Malformed($"{number} is no {typeof(T)}"),
        };
    }
}

namespace OrleansCache.Model.Steps;

/// <summary>
/// A step with its parameters: the silo (bit 0), the owner (bit 1) and the edit (bit 2), or the clocks that are slow in a tick.
/// </summary>
internal readonly record struct Move(Step Step, int Whom)
{
    public static Move Of(Step step, int silo = 0, int owner = 0, int edit = 0) => new(step, silo | owner << 1 | edit << 2);

    public static Move FromCode(ushort code) => new((Step)(code >> 3), code & 7);

    public ushort Code => (ushort)((int)Step << 3 | Whom);
    public int Silo => Whom & 1;
    public int Owner => Whom >> 1 & 1;
    public int Edit => Whom >> 2;
}

// Pairs of types that differ in one thing each; the others are in Theirs.cs. The comparer must see every difference.
#pragma warning disable CA1050, CA1822, CA2211, CS0618
namespace OrleansCache.Metadata.Tests.Samples.Ours;

/// <summary>A type with something of everything, the same on both sides.</summary>
[System.Obsolete("not really")]
public abstract class Same<T> : System.Attribute, System.IDisposable, System.IEquatable<Same<T>> where T : struct, System.IComparable<T>
{
    public const int Constant = 1;
    public static readonly string Field = "a";
    protected Same(int a = 3) => Property = a;
    public event System.EventHandler? Happened { add { } remove { } }
    public enum Inner { One, Two }
    public int Property { get; protected init; }
    public abstract string this[int index] { get; }
    public static implicit operator int(Same<T> a) => a.Property;
    public bool Equals(Same<T>? other) => ReferenceEquals(this, other);
    public override bool Equals(object? obj) => Equals(obj as Same<T>);
    public override int GetHashCode() => Property;
    public virtual System.Threading.Tasks.Task<TResult?> Method<TResult>(ref readonly int a, out T[] b, params System.Collections.Generic.List<(int X, string? Y)>[] c) where TResult : class => throw new System.NotSupportedException();
    public void Dispose() => System.GC.SuppressFinalize(this);
    private int Hidden() => 0;
    internal int AlsoHidden() => Hidden();
}

/// <summary>An interface; there it asks for more.</summary>
public interface IIncomplete
{
    void Method();
}

/// <summary>A class to derive from; there it asks for more.</summary>
public abstract class Incomplete
{
    public abstract void Method();
}

public struct Kind;

public sealed class IsSealed;

public class IsAbstract { protected IsAbstract() { } }

public sealed class IsStatic { private IsStatic() { } }

public class Derives : System.ArgumentException;

public class Implements : System.IDisposable { public void Dispose() => System.GC.SuppressFinalize(this); }

public class Constrained<T> where T : class;

public interface IVariant<T>;

public readonly struct IsReadOnly;

public struct IsByReference;

[System.AttributeUsage(System.AttributeTargets.Method)] public sealed class UsageAttribute : System.Attribute;

public enum Numbers { One = 1 }

public enum Names { Uno }

public enum Width : byte { One }

[System.Flags] public enum Bits { None }

public delegate void Delegate(int a);

public class Extra { public void Method() { } }

public class Construction;

public class Access { public void Method() { } }

public class Instance { public static void Method() { } }

public class IsVirtual { public void Method() { } }

public abstract class HasAbstract { public virtual void Method() { } }

public class Overrides : System.Collections.ObjectModel.Collection<int> { protected override void ClearItems() { } }

public class Returns { public int Method() => 0; }

public class ParameterType { public void Method(int a) { } }

public class ParameterName { public void Method(int a) { } }

public class DefaultValue { public void Method(int a = 1) { } }

public class NoDefaultValue { public void Method(System.Threading.CancellationToken a = default) { } }

public class ByReference { public void Method(ref int a) { } }

public class Out { public void Method(out int a) => a = 0; }

public class In { public void Method(in int a) { } }

public class Params { public void Method(params int[] a) { } }

public class GenericMethod { public void Method<T>() { } }

public class Arity { public void Method<T>() { } }

public static class Extension { public static void Method(this string a) { } }

public class PropertyType { public int Property { get; } }

public class Setter { public int Property { get; set; } }

public class Init { public int Property { get; init; } }

public class Getter { public int Property { get; set; } }

public class Required { public int Property { get; set; } }

public class Indexer { public int this[int a] => a; }

public class Event { public event System.EventHandler? Happened { add { } remove { } } }

public class Field { public static readonly int Value = 1; }

public class Constant { public const string Value = "a"; }

public class FieldType { public int Value; }

public class Outdated { public void Method() { } }

public class Trial;

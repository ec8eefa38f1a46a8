// Pairs of types that differ in one thing each; the others are in Ours.cs. The comparer must see every difference.
#pragma warning disable CA1050, CA1822, CA2211, CS0618
namespace OrleansCache.Metadata.Tests.Samples.Theirs;

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
    public void OnlyThere() { }
}

/// <summary>An interface; there it asks for more.</summary>
public interface IIncomplete
{
    void Method();

    void OnlyThere() { }
}

/// <summary>A class to derive from; there it asks for more.</summary>
public abstract class Incomplete
{
    public abstract void Method();

    protected abstract void OnlyThere();
}

public class Kind;

public class IsSealed;

public abstract class IsAbstract;

public static class IsStatic;

public class Derives : System.InvalidOperationException;

public class Implements { public void Dispose() => System.GC.SuppressFinalize(this); }

public class Constrained<T> where T : class, new();

public interface IVariant<out T>;

public struct IsReadOnly;

public ref struct IsByReference;

[System.AttributeUsage(System.AttributeTargets.Method, AllowMultiple = true)] public sealed class UsageAttribute : System.Attribute;

public enum Numbers { One = 2 }

public enum Names { One }

public enum Width { One }

public enum Bits { None }

public delegate void Delegate(long a);

public class Extra;

public class Construction { public Construction(int a) => A = a; internal int A { get; } }

public class Access { protected void Method() { } }

public class Instance { public void Method() { } }

public class IsVirtual { public virtual void Method() { } }

public abstract class HasAbstract { public abstract void Method(); }

public class Overrides : System.Collections.ObjectModel.Collection<int> { protected new virtual void ClearItems() { } }

public class Returns { public long Method() => 0; }

public class ParameterType { public void Method(string a) { } }

public class ParameterName { public void Method(int b) { } }

public class DefaultValue { public void Method(int a = 2) { } }

public class NoDefaultValue { public void Method(System.Threading.CancellationToken a) { } }

public class ByReference { public void Method(int a) { } }

public class Out { public void Method(ref int a) => a = 0; }

public class In { public void Method(ref int a) { } }

public class Params { public void Method(int[] a) { } }

public class GenericMethod { public void Method<T>() where T : struct { } }

public class Arity { public void Method() { } }

public static class Extension { public static void Method(string a) { } }

public class PropertyType { public long Property { get; } }

public class Setter { public int Property { get; } }

public class Init { public int Property { get; set; } }

public class Getter { public int Property { protected get; set; } }

public class Required { public required int Property { get; set; } }

public class Indexer { public int this[string a] => a.Length; }

public class Event { public event System.Action? Happened { add { } remove { } } }

public class Field { public static int Value = 1; }

public class Constant { public const string Value = "b"; }

public class FieldType { public long Value; }

public class Outdated { [System.Obsolete("x")] public void Method() { } }

[System.Diagnostics.CodeAnalysis.Experimental("X1")] public class Trial;

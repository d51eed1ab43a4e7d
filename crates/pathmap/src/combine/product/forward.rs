//! The reading traits for a type around a chain of factors.

/// For a type with a `Chain` in its field `chain`: `its name [its parameters] the type, the first factor, the values`.
macro_rules! impl_for_chain {
    ($name:ident [$($params:tt)*] $Product:ty, $Primary:ty, $V:ty) => {
        impl<$($params)*> crate::zipper::Zipper for $Product {
            crate::zipper::forward::forward_zipper!(self, self.chain);
        }

        impl<$($params)*> crate::zipper::ZipperMoving for $Product {
            crate::zipper::forward::forward! { self, self.chain;
                ref path() -> &[u8];
                ref val_count() -> usize;
            }
            crate::zipper::forward::forward! { self, self.chain;
                mut ascend(n: usize) -> bool;
                mut ascend_byte() -> bool;
                mut reset() -> ();
                mut descend_to_byte(byte: u8) -> ();
                mut descend_to_existing_byte(byte: u8) -> bool;
                mut descend_first_byte() -> bool;
                mut to_next_sibling_byte() -> bool;
                mut to_prev_sibling_byte() -> bool;
                mut to_next_step() -> bool;
                mut to_next_step_past() -> bool;
            }

            fn descend_to<K: AsRef<[u8]>>(&mut self, path: K) {
                self.chain.descend_to(path.as_ref());
            }

            fn descend_to_existing<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
                self.chain.descend_to_existing(path.as_ref())
            }
        }

        impl<$($params)*> crate::zipper::ZipperIteration for $Product {
            fn to_next_val(&mut self) -> bool {
                self.chain.to_next_val()
            }
        }

        impl<$($params)*> crate::zipper::ZipperValues<$V> for $Product {
            fn val(&self) -> Option<&$V> {
                self.chain.val()
            }

            fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&$V> {
                self.chain.val_at(path.as_ref())
            }

            fn scout<'s>(&'s self) -> Option<crate::zipper::BoxedScout<'s, $V>>
            where
                $V: 's,
            {
                Some(Box::new(self.chain.scout()))
            }
        }

        impl<$($params)*> crate::zipper::ZipperAbsolutePath for $Product
        where
            $Primary: crate::zipper::ZipperAbsolutePath,
        {
            crate::zipper::forward::forward_absolute!(self, self.chain);
        }

        impl<$($params)*> std::fmt::Debug for $Product
        where
            $Primary: crate::zipper::ZipperAbsolutePath,
        {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                crate::zipper::debug_position(f, stringify!($name), self)
            }
        }

        impl<$($params)*> crate::zipper::ZipperPathBuffer for $Product
        where
            $Primary: crate::zipper::ZipperPathBuffer,
        {
            fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize) {
                self.chain.reserve_buffers(path_len, stack_depth);
            }

            fn origin_path_assert_len(&self, len: usize) -> &[u8] {
                self.chain.first().origin_path_assert_len(len)
            }
        }
    };
}

pub(super) use impl_for_chain;
